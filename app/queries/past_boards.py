"""Boards as they stood at a moment in the past: each team's last change until then."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.models.leaderboards import StandingChange
from app.queries.places import Place, ranked

_CHANGES = (
    select(
        StandingChange.team_id,
        StandingChange.submission_id,
        StandingChange.score,
        StandingChange.best_at,
        func.row_number()
        .over(partition_by=StandingChange.team_id, order_by=(StandingChange.at.desc(), StandingChange.id.desc()))
        .label("age"),
    )
    .where(StandingChange.phase_split_id == bindparam("split"), StandingChange.at <= bindparam("at"))
    .subquery()
)
_THEN = select(_CHANGES).where(_CHANGES.c.age == 1, _CHANGES.c.submission_id.is_not(None))
_FIRST = select(func.min(StandingChange.at)).where(StandingChange.phase_split_id == bindparam("split"))


def places_at(phase_split_id: int, at: datetime) -> list[Place]:
    """Return all places as they were at a moment, by the default metric; without counts, which nobody kept."""
    found = db.session.execute(_THEN, {"split": phase_split_id, "at": at})
    return ranked(Place(None, it.team_id, it.submission_id, it.score, it.best_at, 0, it.best_at) for it in found)


def ranks_at(phase_split_id: int, at: datetime) -> dict[int, int]:
    """Return the rank of each team that stood on a board at a moment."""
    return {it.team_id: it.rank for it in places_at(phase_split_id, at) if it.rank is not None}


def first_change(phase_split_id: int) -> datetime | None:
    """Return when the first team came onto a board, None while there is none."""
    return db.session.scalar(_FIRST, {"split": phase_split_id})
