"""Keeping boards true: a team's standing is recomputed from its entries, and every change raises the board's version.

Used by the other services inside their own transactions; nothing here commits.
"""

import functools
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import clock
from app.extensions import changed
from app.models.base import table_of
from app.models.challenges import Phase, PhaseSplit
from app.models.leaderboards import Baseline, BoardQuarter, BoardVersion, MetricStanding, Standing, StandingChange
from app.models.submissions import Submission
from app.models.teams import Team
from app.rules.quarters import difference
from app.rules.states import SubmissionStatus, Visibility
from app.services import aliases, standings

# written once: putting a statement together takes longer than running it
_standing, _metric, _baseline = table_of(Standing), table_of(MetricStanding), table_of(Baseline)
_version_table, _quarter = table_of(BoardVersion), table_of(BoardQuarter)
_FORGET = (
    delete(_standing)
    .where(_standing.c.phase_split_id == bindparam("split"), _standing.c.team_id == bindparam("team"))
    .returning(*[column for column in _standing.c if column.name != "trail"])
)
_PLACE = insert(_standing)
_FORGET_METRICS = delete(_metric).where(
    _metric.c.phase_split_id == bindparam("split"), _metric.c.team_id == bindparam("team")
)
_PLACE_METRICS = insert(_metric)
_FORGET_BASELINES = delete(_baseline).where(
    _baseline.c.phase_split_id == bindparam("split"), _baseline.c.team_id == bindparam("team")
)
_PLACE_BASELINES = insert(_baseline)
_CHANGE = insert(table_of(StandingChange))
_RAISE = (
    update(_version_table)
    .where(_version_table.c.phase_split_id == bindparam("split"))
    .values(version=_version_table.c.version + 1, teams=_version_table.c.teams + bindparam("more"))
)
_FIRST_VERSION = insert(_version_table)


@functools.cache
def _count_quarters(dialect: str) -> Any:
    """Return the statement that adds to the counts of quarters of an hour, of whichever database is in use."""
    made = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(_quarter).values(
        phase_split_id=bindparam("split"), quarter=bindparam("at"), count=bindparam("more")
    )
    more = _quarter.c.count + made.excluded.count
    return made.on_conflict_do_update(
        index_elements=[_quarter.c.phase_split_id, _quarter.c.quarter], set_={"count": more}
    )


def refresh_standing(session: Session, split: PhaseSplit, team_id: int, *, now: datetime | None = None) -> None:
    """Recompute one team's standing on one board and raise the board's version, which a frozen board keeps.

    Never counted up or down, always computed anew: right after a score, a deletion, a re-run or a repair. `now` is when
    the change counts from, for who looks back at the board later; left out, it is the moment at hand.
    """
    session.flush()
    now = now or clock.now()
    rows = standings.counting(split, team_id, now=now)
    # loaded already by whoever records a score
    team = session.get_one(Team, team_id)
    if team.is_host_team:
        _refresh_baselines(session, split, team_id, rows)
        raise_version(session, split, now=now)
        return
    this_team = {"split": split.id, "team": team_id}
    before = session.execute(_FORGET, this_team).mappings().one_or_none()
    after = standings.standing(split, team_id, rows) if rows else None
    if after is not None:
        session.execute(_PLACE, after)
    if before is None and after is not None:
        aliases.give(session, split.phase.challenge, team)
    if len(split.leaderboard.labels) > 1:
        session.execute(_FORGET_METRICS, this_team)
        others = standings.by_other_metrics(split, team_id, rows)
        if others:
            session.execute(_PLACE_METRICS, others)
    _count(session, split, before, after)
    change = standings.change(before, after, now=now)
    if change is not None:
        session.execute(_CHANGE, change)
    if not (split.is_frozen(now) and standings.is_same(before, after)):
        raise_version(session, split, more_teams=(after is not None) - (before is not None), now=now)


def _count(session: Session, split: PhaseSplit, before: standings.Known, after: standings.Values | None) -> None:
    """Add what a team sends more than before, or less, to what all teams sent."""
    more = difference(before["quarters"] if before else (), after["quarters"] if after else ())
    if more:
        statement = _count_quarters(session.get_bind().dialect.name)
        session.execute(statement, [{"split": split.id, "at": at, "more": count} for at, count in more.items()])


def _refresh_baselines(session: Session, split: PhaseSplit, team_id: int, rows: Iterable[Any]) -> None:
    session.execute(_FORGET_BASELINES, {"split": split.id, "team": team_id})
    made = standings.baselines(split, rows)
    if made:
        session.execute(_PLACE_BASELINES, made)


def refresh_team(session: Session, phase: Phase, team_id: int, *, now: datetime | None = None) -> None:
    """Recompute one team's standing on every board of a phase."""
    for split in standings.in_order(phase.every_split):
        refresh_standing(session, split, team_id, now=now)


def keep_one(session: Session, chosen: Submission) -> None:
    """Where a phase shows one submission of a team, take the team's others off in favour of this one.

    Only once it is scored: a new one that fails must not cost the team its place.
    """
    if not (
        chosen.on_board
        and chosen.status is SubmissionStatus.FINISHED
        and chosen.phase.is_restricted_to_select_one_submission
    ):
        return
    session.execute(
        update(Submission)
        .where(Submission.phase_id == chosen.phase_id, Submission.team_id == chosen.team_id, Submission.id != chosen.id)
        .values(on_board=False)
    )


def raise_version(session: Session, split: PhaseSplit, *, more_teams: int = 0, now: datetime | None = None) -> None:
    """Tell every open browser that a board changed, and has so many more teams."""
    open_now = is_open(split, now=now or clock.now())
    if changed(session, _RAISE, {"split": split.id, "is_open": open_now, "more": more_teams}) == 0:
        first = {"phase_split_id": split.id, "version": 1, "is_open": open_now, "teams": max(0, more_teams)}
        session.execute(_FIRST_VERSION, first)


def raise_versions(session: Session, splits: Iterable[PhaseSplit]) -> None:
    """Tell every open browser that something about these boards changed, such as who may see them."""
    for split in splits:
        raise_version(session, split)


def is_open(split: PhaseSplit, *, now: datetime) -> bool:
    """Whether a board is everybody's just now; such a board can be polled without asking who is there."""
    is_everybodys = split.visibility == Visibility.EVERYBODY and not split.is_hidden(now)
    return is_everybodys and split.phase.is_public and split.phase.challenge.is_live
