"""Boards as they were drawn last: after a score every open browser asks for the same rows within a second or two.

What is kept belongs to one version of a board, one language and one time zone. Names of teams and people change without
a new version, so nothing is kept for longer than a board may take to show a score.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from flask import current_app, get_template_attribute
from markupsafe import Markup

from app.board_watch import KEPT_S
from app.models.challenges import PhaseSplit
from app.queries import leaderboards
from app.queries.leaderboards import Board, Row
from app.web import locale

MOST = 32

Key = tuple[object, ...]


@dataclass(frozen=True)
class Drawn:
    """A page of a board and the HTML of its rows, with nobody's row marked."""

    board: Board
    rows: Markup
    until: float


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


def board_and_rows(
    split: PhaseSplit, *, order_by: str | None, own_team_id: int | None, only_own: bool, page: int
) -> tuple[Board, Markup]:
    """Return a page of a board and the HTML of its rows, the own one marked."""
    if only_own:
        board = leaderboards.board(split, order_by=order_by, own_team_id=own_team_id, only_own=True, page=page)
        return board, _html(split, board, board.rows)
    kept: DrawnBoards = current_app.extensions.setdefault("drawn_boards", DrawnBoards())
    look = (split.decimals, split.show_execution_time, locale.selected(), locale.zone_name())
    key = (split.id, leaderboards.version_of(split.id), order_by, page, *look)
    drawn = kept.get(key, lambda: _draw(split, order_by=order_by, page=page))
    own = next((row for row in drawn.board.rows if row.team_id == own_team_id), None)
    if own is None:
        return drawn.board, drawn.rows
    plain, marked = (_html(split, drawn.board, (it,)) for it in (own, replace(own, is_own=True)))
    return drawn.board, drawn.rows.replace(plain, marked, 1)


def _draw(split: PhaseSplit, *, order_by: str | None, page: int) -> Drawn:
    board = leaderboards.board(split, order_by=order_by, own_team_id=None, page=page)
    return Drawn(board, _html(split, board, board.rows), time.monotonic() + KEPT_S)


def _html(split: PhaseSplit, board: Board, rows: tuple[Row, ...]) -> Markup:
    macro = cast("Callable[..., Markup]", get_template_attribute("components/board_rows.html", "board_rows"))
    order = sorted((it.label for it in board.columns), key=lambda label: label != board.order_by)
    return macro(rows, order=order, decimals=split.decimals, took=split.show_execution_time)
