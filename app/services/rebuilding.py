"""Computing all standings of a board anew: after a change of what counts, and to repair what should never be broken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.extensions import db, writing
from app.models.base import Base, table_of
from app.models.challenges import PhaseSplit
from app.models.leaderboards import (
    RULES,
    Baseline,
    BoardQuarter,
    BoardVersion,
    MetricStanding,
    Standing,
    StandingChange,
)
from app.models.teams import Team
from app.queries import challenges
from app.rules.quarters import added_up
from app.services import aliases, boards, standings
from app.services.standings import Values

COMPARED = ("submission_id", "score", "best_at", "entries", "last_at", "trail", "quarters")


@dataclass(frozen=True, slots=True)
class Difference:
    """A team whose standing was not what its entries give: `kept` is what was there, None for nothing."""

    phase_split_id: int
    team_id: int
    kept: Mapping[str, Any] | None
    computed: Mapping[str, Any] | None


def rebuild(session: Session, split: PhaseSplit, *, now: datetime) -> list[Difference]:
    """Compute a board from all its entries and return where that gave something else than there was.

    Part of the transaction of others. Reads all entries of the board, one team after the other: a second for each
    100,000 of them, and never more in memory than one team has.
    """
    session.flush()
    made: dict[int, Values] = {}
    others: list[Values] = []
    kept_baselines: list[Values] = []
    for team_id, is_host_team in _teams(session, split):
        rows = standings.counting(split, team_id, now=now)
        if is_host_team:
            kept_baselines += standings.baselines(split, rows)
        elif rows:
            made[team_id] = standings.standing(split, team_id, rows)
            others += standings.by_other_metrics(split, team_id, rows)
    known = _known(session, split)
    _replace(session, Standing, split, list(made.values()))
    _replace(session, MetricStanding, split, others)
    _replace(session, Baseline, split, kept_baselines)
    sums = added_up(it["quarters"] for it in made.values())
    counts = [{"phase_split_id": split.id, "quarter": at, "count": count} for at, count in sums.items()]
    _replace(session, BoardQuarter, split, counts)
    _note_changes(session, known, made, now=now)
    if split.phase.challenge.has_anonymous_teams:
        aliases.give_all(session, split.phase.challenge)
    if boards.is_open(split, now=now) and not _was_open(session, split):
        split.open_since = now
    boards.raise_version(session, split, now=now)
    of_board = BoardVersion.phase_split_id == split.id
    session.execute(update(BoardVersion).where(of_board).values(teams=len(made), rules=RULES))
    return _differences(split, known, made)


def rebuild_finals(session: Session, split: PhaseSplit, *, now: datetime, before: Iterable[PhaseSplit] = ()) -> None:
    """Compute those boards anew that ask what this one shows: the final ones of its phase, and who was one `before`."""
    were = {it.id for it in before}
    for it in standings.in_order(split.phase.every_split):
        if it.id != split.id and (it.id in were or standings.is_final(it)):
            rebuild(session, it, now=now)


def _teams(session: Session, split: PhaseSplit) -> Sequence[Any]:
    of_challenge = Team.challenge_id == split.phase.challenge_id
    return session.execute(select(Team.id, Team.is_host_team).where(of_challenge)).all()


def _was_open(session: Session, split: PhaseSplit) -> bool:
    return bool(session.scalar(select(BoardVersion.is_open).where(BoardVersion.phase_split_id == split.id)))


def _known(session: Session, split: PhaseSplit) -> dict[int, Values]:
    table = table_of(Standing)
    found = session.execute(select(table).where(table.c.phase_split_id == split.id)).mappings()
    return {it["team_id"]: dict(it) for it in found}


def _replace(session: Session, model: type[Base], split: PhaseSplit, rows: Sequence[Values]) -> None:
    table = table_of(model)
    session.execute(delete(table).where(table.c.phase_split_id == split.id))
    if rows:
        session.execute(insert(table), rows)


def _note_changes(session: Session, known: Mapping[int, Values], made: Mapping[int, Values], *, now: datetime) -> None:
    changes = [standings.change(known.get(it), made.get(it), now=now) for it in sorted(known.keys() | made.keys())]
    rows = [it for it in changes if it is not None]
    if rows:
        session.execute(insert(table_of(StandingChange)), rows)


def _differences(split: PhaseSplit, known: Mapping[int, Values], made: Mapping[int, Values]) -> list[Difference]:
    return [
        Difference(split.id, team_id, known.get(team_id), made.get(team_id))
        for team_id in sorted(known.keys() | made.keys())
        if _compared(known.get(team_id)) != _compared(made.get(team_id))
    ]


def _compared(it: Values | None) -> list[Any] | None:
    # a trail comes back from the database as lists
    return None if it is None else [_as_kept(it[name]) for name in COMPARED]


def _as_kept(value: Any) -> Any:
    return [list(it) for it in value] if isinstance(value, list) else value


def repair(*, now: datetime) -> dict[PhaseSplit, list[Difference]]:
    """Compute every board anew, one transaction each, and return what was not right."""
    found: dict[PhaseSplit, list[Difference]] = {}
    for split in standings.in_order(challenges.all_phase_splits()):
        with writing() as session:
            found[split] = rebuild(session, split, now=now)
    return found


def bring_up_to_date(*, now: datetime) -> int:
    """Compute those boards anew that were computed by older rules, and return how many they were."""
    known = {it.phase_split_id: it.rules for it in db.session.scalars(select(BoardVersion))}
    splits = [it for it in challenges.all_phase_splits() if known.get(it.id, RULES) < RULES]
    for split in standings.in_order(splits):
        with writing() as session:
            rebuild(session, split, now=now)
    return len(splits)
