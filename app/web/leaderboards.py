"""Boards: the page, and the rows that keep themselves up to date."""

import hashlib
from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from app.board_watch import BY_ADDRESS, etag
from app.models.challenges import PhaseSplit
from app.queries.leaderboards import Board
from app.rules import permissions
from app.rules.errors import NotFound
from app.rules.permissions import Standpoint
from app.web import locale
from app.web.access import Access, open_to
from app.web.challenges import page
from app.web.drawn_boards import board_and_rows
from app.web.fragments import etagged, piece
from app.web.loading import visible_board, visible_challenge
from app.web.settings import current_site

bp = Blueprint("leaderboards", __name__)

LAST_PAGE = 100_000


@bp.get("/challenges/<slug>/leaderboard", defaults={"phase_split_id": None})
@bp.get("/challenges/<slug>/leaderboard/<int:phase_split_id>")
@open_to(Access.READER)
def show(slug: str, phase_split_id: int | None) -> str:
    seen = visible_challenge(slug)
    splits, removed = seen.boards, seen.removed_boards
    if not splits and not removed:
        return page("leaderboards/none.html", seen, tab="leaderboard")
    every = [*splits, *removed]
    split = next((it for it in every if it.id == phase_split_id), None if phase_split_id else every[0])
    if split is None:
        raise NotFound
    return page("leaderboards/show.html", seen, tab="leaderboard", splits=every, **_values(split, seen.person))


@bp.get("/boards/<int:phase_split_id>/rows")
@open_to(Access.READER, fragment=True)
def rows(phase_split_id: int) -> Response:
    says_all = {"lang", "tz"} <= request.args.keys()
    split, person = visible_board(phase_split_id, to_visitors=says_all)
    values = _values(split, person)
    board: Board = values["board"]
    html = piece("leaderboards/_board.html", **values)
    request.environ[BY_ADDRESS] = says_all and person == Standpoint() and current_site().visitors_may_read
    # the version of a board counts everybody's scores, which is nothing for somebody who sees one row of it
    tag = f'"own-{hashlib.sha256(html.encode()).hexdigest()[:32]}"' if values["only_own"] else None
    return etagged(html, tag or etag(phase_split_id, board.version))


def _values(split: PhaseSplit, person: Standpoint) -> dict[str, Any]:
    """Gather what the board shows. Its own address carries everything the rows depend on besides the scores: the
    language, the zone and the row to mark, so that unchanged rows can be answered without asking who is there.
    """
    only_own = permissions.sees_only_own_row(person, visibility=split.visibility)
    number = request.args.get("page", 1, type=int) or 1
    if number > LAST_PAGE:
        abort(404)
    mine = person.team_id or request.args.get("mine", type=int)
    board, drawn_rows = board_and_rows(
        split, order_by=request.args.get("by"), own_team_id=mine, only_own=only_own, page=max(1, number)
    )
    return {
        "board": board,
        "drawn_rows": drawn_rows,
        "split": split,
        "only_own": only_own,
        "address": url_for(
            "leaderboards.rows",
            phase_split_id=split.id,
            by=request.args.get("by") and board.order_by,
            page=board.page if board.page > 1 else None,
            mine=mine,
            lang=locale.selected(),
            tz=locale.zone_name(),
        ),
    }
