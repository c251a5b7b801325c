"""A leaderboard as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.models.challenges import PhaseSplit
from app.models.leaderboards import BoardVersion, Standing
from app.models.submissions import Entry, Submission
from app.models.teams import Team
from app.queries import submissions, teams
from app.rules.ranking import Candidate, latest, rank
from app.rules.states import Visibility

PAGE = 100


@dataclass(frozen=True, kw_only=True)
class Column:
    """One metric of a board; `descending` says that higher is better."""

    label: str
    descending: bool
    description: str
    is_ordering: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One team's place."""

    rank: int
    team_id: int
    team: str
    members: tuple[str, ...]
    is_baseline: bool
    is_own: bool
    scores: dict[str, float | None]
    errors: dict[str, float | None]
    seconds: float | None
    method: str
    entries: int
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class Board:
    """A page of a board; `teams` counts all of them."""

    version: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    teams: int
    page: int
    pages: int
    order_by: str

    @property
    def own(self) -> Row | None:
        return next((row for row in self.rows if row.is_own), None)


@dataclass(frozen=True)
class _Place:
    rank: int
    team_id: int
    submission_id: int
    entries: int
    last_at: datetime


_TEAMS = select(BoardVersion.teams).where(BoardVersion.phase_split_id == bindparam("phase_split_id"))
_VERSION = select(BoardVersion.version).where(BoardVersion.phase_split_id == bindparam("phase_split_id"))


def version_of(phase_split_id: int) -> int:
    """Return the number that rises with every change of the board."""
    return db.session.scalar(_VERSION, {"phase_split_id": phase_split_id}) or 0


def board(
    split: PhaseSplit, *, order_by: str | None = None, own_team_id: int | None, only_own: bool = False, page: int = 1
) -> Board:
    """Return a page of the board, ordered by the default metric or by `order_by` (an unknown label is ignored).

    With `only_own` the board is the own row alone: even the number of teams would tell something about the others.
    """
    labels = list(split.leaderboard.labels)
    label = order_by if order_by in labels else split.leaderboard.default_order_by
    version = version_of(split.id)
    if label != split.leaderboard.default_order_by:
        every = [it for it in _by_metric(split, label) if not only_own or it.team_id == own_team_id]
        count, places = len(every), every[(page - 1) * PAGE : page * PAGE]
    elif only_own:
        places = _own_place(split.id, own_team_id)
        count = len(places)
    else:
        places = _standings(split.id, page)
        count = _teams(split.id)
    return Board(
        version=version,
        columns=tuple(_column(split, it, is_ordering=it == label) for it in labels),
        rows=tuple(_rows(split, labels, places, own_team_id)),
        teams=count,
        page=page,
        pages=max(1, -(-count // PAGE)),
        order_by=label,
    )


def _column(split: PhaseSplit, label: str, *, is_ordering: bool) -> Column:
    about = split.leaderboard.metrics.get(label) or {}
    return Column(
        label=label,
        descending=bool(split.descending[label]),
        description=about.get("description") or "",
        is_ordering=is_ordering,
    )


def _teams(phase_split_id: int) -> int:
    return db.session.scalar(_TEAMS, {"phase_split_id": phase_split_id}) or 0


def _standings(phase_split_id: int, page: int) -> list[_Place]:
    """Read one page of places along the index, so that it costs the same however many teams there are."""
    # columns, not objects: a hundred of those take longer than everything else here
    found = db.session.execute(
        select(Standing.score, Standing.team_id, Standing.submission_id, Standing.entries, Standing.last_at)
        .where(Standing.phase_split_id == phase_split_id)
        # missing scores come last whatever the database thinks of NULL
        .order_by(Standing.score.desc().nulls_last(), Standing.best_at, Standing.submission_id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    if not found:
        return []
    rank = _rank(phase_split_id, found[0].score)
    places = []
    for number, it in enumerate(found):
        if number and it.score != found[number - 1].score:
            rank = (page - 1) * PAGE + number + 1
        places.append(_Place(rank, it.team_id, it.submission_id, it.entries, it.last_at))
    return places


def _rank(phase_split_id: int, score: float | None) -> int:
    """Return one more than the number of better standings; equal scores share a rank."""
    better = Standing.score.is_not(None) if score is None else Standing.score > score
    return 1 + (db.session.scalar(select(func.count()).where(Standing.phase_split_id == phase_split_id, better)) or 0)


def _own_place(phase_split_id: int, team_id: int | None) -> list[_Place]:
    own = db.session.get(Standing, (phase_split_id, team_id)) if team_id is not None else None
    if own is None:
        return []
    return [_Place(_rank(phase_split_id, own.score), own.team_id, own.submission_id, own.entries, own.last_at)]


def _by_metric(split: PhaseSplit, label: str) -> list[_Place]:
    shown_only = split.visibility == Visibility.EVERYBODY
    rows = submissions.entries_for_board(split.id, None, shown_only=shown_only)
    candidates = [Candidate(it.team_id, it.submission_id, it.submitted_at, it.scores.get(label)) for it in rows]
    counting = latest(candidates) if split.by_latest else candidates
    placed = rank(counting, descending=bool(split.descending[label]))
    sent: dict[int, list[datetime]] = {}
    for candidate in candidates:
        sent.setdefault(candidate.team_id, []).append(candidate.submitted_at)
    return [
        _Place(it.rank, it.candidate.team_id, it.candidate.submission_id, len(times), max(times))
        for it in placed
        if (times := sent[it.candidate.team_id])
    ]


def _rows(split: PhaseSplit, labels: list[str], places: Sequence[_Place], own_team_id: int | None) -> list[Row]:
    ids = [place.submission_id for place in places]
    found = db.session.execute(
        select(
            Entry.submission_id,
            Entry.scores,
            Entry.errors,
            Team.name,
            Submission.is_baseline,
            Submission.seconds,
            Submission.method_name,
        )
        .join(Submission, Entry.submission_id == Submission.id)
        .join(Team, Submission.team_id == Team.id)
        .where(Entry.phase_split_id == split.id, Entry.submission_id.in_(ids))
    )
    by_id = {row.submission_id: row for row in found}
    members = teams.member_names([place.team_id for place in places])
    return [
        Row(
            rank=place.rank,
            team_id=place.team_id,
            team=row.name,
            members=_members(row.name, members.get(place.team_id, ())),
            is_baseline=row.is_baseline,
            is_own=place.team_id == own_team_id,
            scores={label: row.scores.get(label) for label in labels},
            errors={label: (row.errors or {}).get(label) for label in labels},
            seconds=row.seconds,
            method=row.method_name,
            entries=place.entries,
            last_at=place.last_at,
        )
        for place in places
        if (row := by_id.get(place.submission_id)) is not None
    ]


def _members(team: str, names: Sequence[str]) -> tuple[str, ...]:
    """Whoever takes part alone under the own name is not named twice."""
    return () if list(names) == [team] else tuple(names)


def versions() -> dict[int, tuple[int, bool]]:
    """Return version and openness of every board: what the watcher keeps in memory."""
    rows = db.session.execute(select(BoardVersion.phase_split_id, BoardVersion.version, BoardVersion.is_open))
    return {row.phase_split_id: (row.version, row.is_open) for row in rows}
