"""A leaderboard as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.challenges import PhaseSplit
from app.models.leaderboards import BoardVersion
from app.queries import board_rows, past_boards, places
from app.queries.board_rows import Row, View
from app.queries.places import Place


@dataclass(frozen=True, kw_only=True)
class Column:
    """One metric of a board; `descending` says that higher is better."""

    label: str
    descending: bool
    description: str
    is_ordering: bool


@dataclass(frozen=True, kw_only=True)
class Board:
    """A page of a board; `teams` counts all of them, baselines left out."""

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
class OwnPlace:
    """A team's row, the page on which it is listed, and its place where that was asked for."""

    row: Row
    page: int
    place: Place | None = None


_TEAMS = select(BoardVersion.teams).where(BoardVersion.phase_split_id == bindparam("phase_split_id"))
_VERSION = select(BoardVersion.version).where(BoardVersion.phase_split_id == bindparam("phase_split_id"))


def version_of(phase_split_id: int) -> int:
    """Return the number that rises with every change of the board."""
    return db.session.scalar(_VERSION, {"phase_split_id": phase_split_id}) or 0


def board(
    split: PhaseSplit,
    *,
    order_by: str | None = None,
    own_team_id: int | None,
    only_own: bool = False,
    page: int = 1,
    view: View | None = None,
) -> Board:
    """Return a page of the board, ordered by the default metric or by `order_by` (an unknown label is ignored).

    With `only_own` the board is the own row alone: even the number of teams would tell something about the others.
    """
    label = ordering(split, order_by)
    version = version_of(split.id)
    if only_own:
        mine = places.own(split, label, own_team_id)
        found = [] if mine is None else [mine]
        count = len(found)
    else:
        found = places.page(split, label, page, size=places.PAGE)
        count = _teams(split.id)
    view = view or View(own_team_id=own_team_id)
    return _board(split, label, board_rows.rows(split, found, view), version=version, teams=count, page=page)


def board_at(split: PhaseSplit, at: datetime, *, page: int = 1, view: View) -> Board:
    """Return a page of the board as it stood at a moment, by its default metric."""
    found, teams = past_boards.page_at(split.id, at, page)
    label = split.leaderboard.default_order_by
    return _board(split, label, board_rows.rows_then(split, found, view), version=0, teams=teams, page=page)


def board_of(split: PhaseSplit, every: Sequence[Place], *, page: int = 1, view: View) -> Board:
    """Return a page of a board with these places in their order, by its default metric."""
    teams = sum(it.rank is not None for it in every)
    shown = every[(page - 1) * places.PAGE : page * places.PAGE]
    label = split.leaderboard.default_order_by
    return _board(split, label, board_rows.rows(split, shown, view), version=0, teams=teams, page=page)


def own_place(split: PhaseSplit, *, order_by: str | None, view: View) -> OwnPlace | None:
    """Return the row of the viewer's own team, wherever it is listed."""
    label = ordering(split, order_by)
    mine = places.own(split, label, view.own_team_id)
    found = [] if mine is None else board_rows.rows(split, [mine], view)
    return OwnPlace(found[0], places.page_of(split, label, mine), mine) if mine is not None and found else None


def every_place(split: PhaseSplit, *, order_by: str | None = None) -> list[Place]:
    """Return all places of a board at one moment, with the baselines between them."""
    return places.page(split, ordering(split, order_by), 1, size=_teams(split.id) + 1)


def ordering(split: PhaseSplit, order_by: str | None) -> str:
    """Return the label that orders the board: the one asked for, if there is such a one."""
    return order_by if order_by in split.leaderboard.labels else split.leaderboard.default_order_by


def _board(split: PhaseSplit, label: str, rows: Sequence[Row], *, version: int, teams: int, page: int) -> Board:
    return Board(
        version=version,
        columns=columns(split, label),
        rows=tuple(rows),
        teams=teams,
        page=page,
        pages=max(1, -(-teams // places.PAGE)),
        order_by=label,
    )


def columns(split: PhaseSplit, label: str) -> tuple[Column, ...]:
    """Return the metrics of a board that is ordered by one of them."""
    return tuple(_column(split, it, is_ordering=it == label) for it in split.leaderboard.labels)


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
