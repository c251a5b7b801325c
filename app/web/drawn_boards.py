"""Boards as they were drawn last: after a score every open browser asks for the same rows within a second or two.

What is kept belongs to one version of a board, one language and one time zone. Names of teams and people change without
a new version, so nothing is kept for longer than a board may take to show a score.
"""

import functools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from flask import current_app, get_template_attribute
from flask_babel import gettext
from markupsafe import Markup

from app.board_watch import KEPT_S
from app.models.challenges import PhaseSplit
from app.queries import leaderboards
from app.queries.board_rows import Row, View
from app.queries.leaderboards import Board, OwnPlace
from app.web import locale, past_ranks
from app.web.board_columns import Columns
from app.web.fragments import piece

MOST = 32

Key = tuple[object, ...]


@dataclass(frozen=True)
class Drawn:
    """A page of a board and the HTML of its table, with nobody's row marked."""

    board: Board
    table: Markup
    until: float


@dataclass(frozen=True, kw_only=True)
class Look:
    """What somebody wants to see of a board; ranks are compared with `past` ones and those of the board `public`."""

    split: PhaseSplit
    state: str | int
    columns: Columns
    page: int
    own_team_id: int | None
    only_own: bool
    sees_names: bool
    since: datetime
    past: Mapping[int, int] | None = None
    public: PhaseSplit | None = None

    def view(self, *, own: bool) -> View:
        """Return how the rows are looked at, as nobody in particular or as the own team."""
        return View(
            own_team_id=self.own_team_id if own else None,
            sees_names=self.sees_names,
            past=self.past,
            public=past_ranks.ranks_now(self.public) if self.public is not None else None,
        )


class DrawnBoards:
    """What one application drew within the last seconds; used by all its threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Drawn] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, draw: Callable[[], Drawn]) -> Drawn:
        """Return what is kept under the key, drawn anew when it is not there or too old."""
        with self._lock:
            found = self._kept.get(key)
        if found is None or time.monotonic() > found.until:
            found = draw()
            with self._lock:
                self._kept[key] = found
                self._kept.move_to_end(key)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found


@dataclass(frozen=True)
class Shown:
    """A page of a board, the HTML of its table with the own row marked, and where that is."""

    board: Board
    table: Markup
    own: OwnPlace | None


def shown(look: Look) -> Shown:
    """Return a page of a board as somebody wants to see it."""
    if look.only_own:
        board = _board(look, own=True)
        return Shown(board, table(look.columns, board), None)
    kept: DrawnBoards = current_app.extensions.setdefault("drawn_boards", DrawnBoards())
    found = kept.get(_key(look), lambda: _draw(look))
    own = _own(look, found.board)
    if own is None or own.page != look.page:
        return Shown(found.board, found.table, own)
    return Shown(found.board, _marked(look.columns, found.table, own.row), own)


def _marked(columns: Columns, table: Markup, own: Row) -> Markup:
    """Put the own row in the place of the same row as everybody sees it; what people write holds no tags."""
    begin = table.index(f'<tr id="row-{own.key}" ')
    end = table.index("</tr>\n", begin) + len("</tr>\n")
    return table[:begin] + rows_of(columns, (own,)) + table[end:]


def _key(look: Look) -> Key:
    split, public = look.split, look.public
    seen_so = (look.columns.order_by, look.columns.wanted, look.page, look.since, look.sees_names)
    words = (split.decimals, split.show_execution_time, locale.selected(), locale.zone_name())
    other = (public.id, leaderboards.version_of(public.id)) if public is not None else None
    return (split.id, look.state, *seen_so, *words, other)


def _own(look: Look, board: Board) -> OwnPlace | None:
    """Return the own row: one of those on the page where its name is not kept from everybody, asked for otherwise."""
    if look.own_team_id is None:
        return None
    here = next((row for row in board.rows if row.team_id == look.own_team_id and not row.is_baseline), None)
    if here is not None and look.sees_names:
        return OwnPlace(replace(here, is_own=True), look.page)
    return leaderboards.own_place(look.split, order_by=look.columns.order_by, view=look.view(own=True))


def _draw(look: Look) -> Drawn:
    board = _board(look, own=False)
    return Drawn(board, table(look.columns, board), time.monotonic() + KEPT_S)


def _board(look: Look, *, own: bool) -> Board:
    return leaderboards.board(
        look.split,
        order_by=look.columns.order_by,
        own_team_id=look.own_team_id if own else None,
        only_own=look.only_own,
        page=look.page,
        view=look.view(own=own),
    )


def table(columns: Columns, board: Board, *, is_past: bool = False) -> Markup:
    """Return the HTML of a board; of one as it stood some columns are not known."""
    rows = rows_of(columns, board.rows, is_past=is_past)
    values = {"board": board, "columns": columns, "split": columns.split, "drawn_rows": rows, "is_past": is_past}
    return Markup(piece("leaderboards/_table.html", **values))  # noqa: S704 - the template escapes what is not ours


def rows_of(columns: Columns, rows: Sequence[Row], *, is_past: bool = False) -> Markup:
    """Return the HTML of some rows."""
    macro = cast("Callable[..., Markup]", get_template_attribute("components/board_rows.html", "board_rows"))
    words = _words(locale.selected())
    return macro(rows, columns=columns, decimals=columns.split.decimals, words=words, is_past=is_past)


@functools.cache
def _words(_language: str) -> dict[str, str]:
    """Return what rows say besides names and numbers; looking a word up takes as long as drawing a cell."""
    return {
        "you": gettext("You"),
        "baseline": gettext("Baseline"),
        "no_score": gettext("no score"),
        "unranked": gettext("not ranked"),
        "verified": gettext("Verified"),
        "partial": gettext("Partial"),
        "gone": gettext("Deleted since"),
        "team": gettext("Team %(number)s", number="{}"),
        "new": gettext("new"),
        "up": gettext("up %(places)s", places="{}"),
        "down": gettext("down %(places)s", places="{}"),
        "same": gettext("unchanged"),
        "project": gettext("Project page"),
        "publication": gettext("Publication"),
        "trend": gettext("from %(first)s to %(last)s", first="{}", last="{}"),
    }
