"""Boards as they stood at a moment in the past: each team's last change until then."""

from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models.challenges import Phase, PhaseSplit
from app.models.leaderboards import StandingChange
from app.models.teams import Team
from app.queries import places
from app.queries.places import Place

_change = aliased(StandingChange)
_this_board: BindParameter[int] = bindparam("split")
_challenge = (
    select(Phase.challenge_id).join(PhaseSplit, PhaseSplit.phase_id == Phase.id).where(PhaseSplit.id == _this_board)
)
# one look into the index a team: reading every change takes longer the longer a challenge runs
_last = (
    select(_change.id)
    .where(_change.phase_split_id == _this_board, _change.team_id == Team.id, _change.at <= bindparam("at"))
    .order_by(_change.at.desc(), _change.id.desc())
    .limit(1)
    .correlate(Team)
    .scalar_subquery()
)
_rank = func.rank().over(order_by=StandingChange.score.desc().nulls_last())
_stood = (
    StandingChange.id.in_(select(_last).where(Team.challenge_id == _challenge.scalar_subquery())),
    StandingChange.submission_id.is_not(None),
)
_RANKS = select(StandingChange.team_id, _rank).where(*_stood)
_PAGE = (
    select(
        StandingChange.team_id,
        StandingChange.submission_id,
        StandingChange.score,
        StandingChange.best_at,
        _rank.label("rank"),
    )
    .where(*_stood)
    .order_by(StandingChange.score.desc().nulls_last(), StandingChange.best_at, StandingChange.submission_id)
    .limit(bindparam("most"))
    .offset(bindparam("before"))
)
_TEAMS = select(func.count()).select_from(StandingChange).where(*_stood)
_OF_TEAM = (
    select(StandingChange.submission_id)
    .where(StandingChange.phase_split_id == _this_board, StandingChange.team_id == bindparam("team"))
    .where(StandingChange.at <= bindparam("at"))
    .order_by(StandingChange.at.desc(), StandingChange.id.desc())
    .limit(1)
)
_FIRST = select(func.min(StandingChange.at)).where(StandingChange.phase_split_id == _this_board)


def page_at(phase_split_id: int, at: datetime, number: int) -> tuple[list[Place], int]:
    """Return one page of places as they were at a moment, by the default metric, and how many there were in all.

    Pages are numbered from 1. How many files a team had sent by then is not known: nobody kept that.
    """
    then = {"split": phase_split_id, "at": at}
    found = db.session.execute(_PAGE, then | {"most": places.PAGE, "before": (number - 1) * places.PAGE})
    stood = [Place(it.rank, it.team_id, it.submission_id, it.score, it.best_at, 0, it.best_at) for it in found]
    return stood, db.session.scalar(_TEAMS, then) or 0


def submission_at(phase_split_id: int, team_id: int, at: datetime) -> int | None:
    """Return which submission of a team counted at a moment, None where it did not stand on the board."""
    return db.session.scalar(_OF_TEAM, {"split": phase_split_id, "team": team_id, "at": at})


def ranks_at(phase_split_id: int, at: datetime) -> dict[int, int]:
    """Return the rank of each team that stood on a board at a moment."""
    return {it[0]: it[1] for it in db.session.execute(_RANKS, {"split": phase_split_id, "at": at})}


def first_change(phase_split_id: int) -> datetime | None:
    """Return when the first team came onto a board, None while there is none."""
    return db.session.scalar(_FIRST, {"split": phase_split_id})
