"""Boards: the page, and the rows that keep themselves up to date."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, request, session, url_for

from app import clock
from app.board_watch import BY_ADDRESS, etag, today
from app.models.challenges import PhaseSplit
from app.queries import challenges, leaderboards, past_boards
from app.queries.leaderboards import Board
from app.rules import permissions, visits
from app.rules.errors import NotFound
from app.rules.permissions import Standpoint
from app.services import standings
from app.web import locale, open_boards, past_ranks
from app.web.access import Access, open_to
from app.web.asked import LAST_PAGE
from app.web.board_columns import columns
from app.web.challenges import page
from app.web.drawn_boards import Look, shown
from app.web.fragments import etagged, piece
from app.web.loading import may_open_board, visible_board, visible_challenge
from app.web.settings import current_site

bp = Blueprint("leaderboards", __name__)

VISITS = "visits"


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
    last_visit = _note_visit(split)
    return page(
        "leaderboards/show.html",
        seen,
        tab="leaderboard",
        splits=every,
        last_visit=last_visit,
        visit_query=past_ranks.written(last_visit) if last_visit else None,
        compares=request.args.get("since"),
        ranks_picks=standings.is_final(split),
        **values(split, seen.person),
    )


def _note_visit(split: PhaseSplit) -> datetime | None:
    """Return about when this browser looked at a board before, if teams stood on it, and note that it looks now."""
    known, before = visits.noted(session.get(VISITS) or {}, str(split.id), now=clock.now())
    session[VISITS] = known
    if before is None:
        return None
    before, first = past_ranks.rounded(before), past_boards.first_change(split.id)
    return before if first is not None and first <= before else None


@bp.get("/boards/<int:phase_split_id>/rows")
@open_to(Access.READER, fragment=True)
def rows(phase_split_id: int) -> Response:
    says_all = {"lang", "tz"} <= request.args.keys()
    split, person = visible_board(phase_split_id, to_visitors=says_all)
    found = values(split, person)
    board: Board = found["board"]
    html = piece("leaderboards/_board.html", **found)
    is_everybodys = person == Standpoint() and not split.phase.challenge.has_anonymous_teams
    request.environ[BY_ADDRESS] = says_all and is_everybodys and current_site().visitors_may_read
    # the version of a board counts everybody's scores, which is nothing for somebody who sees one row of it
    day = today(locale.server_zone_name())
    return etagged(html, None if found["only_own"] else etag(phase_split_id, board.version, day))


def look_at(split: PhaseSplit, person: Standpoint) -> Look:
    """Return how this person wants to see a board, as the address says and as far as it may be seen."""
    number = request.args.get("page", 1, type=int) or 1
    if number > LAST_PAGE:
        abort(404)
    known = columns(split, order_by=request.args.get("by"), wanted=request.args.getlist("col"))
    is_by_default = known.order_by == split.leaderboard.default_order_by
    only_own = permissions.sees_only_own_row(person, visibility=split.visibility)
    since = past_ranks.since_asked(request.args.get("since"))
    compares = is_by_default and not only_own
    past = past_ranks.ranks(split, since) if compares and known.shows("move") else None
    public = public_board(split, person) if compares else None
    is_anonymous = split.phase.challenge.has_anonymous_teams
    return Look(
        split=split,
        state=open_boards.state() or leaderboards.version_of(split.id),
        columns=replace(known, has_moves=past is not None, has_shifts=public is not None),
        page=max(1, number),
        own_team_id=person.team_id or (None if is_anonymous else request.args.get("mine", type=int)),
        only_own=only_own,
        sees_names=person.runs_it or not is_anonymous,
        since=since,
        past=past,
        public=public,
    )


def public_board(split: PhaseSplit, person: Standpoint) -> PhaseSplit | None:
    """Return the public board that this one is the final of, once this person may see both."""
    found = challenges.phase_split(split.public_board_id) if split.public_board_id is not None else None
    if found is None or found.id == split.id or found.phase.challenge_id != split.phase.challenge_id:
        return None
    is_whole = not permissions.sees_only_own_row(person, visibility=found.visibility)
    return found if may_open_board(person, found) and is_whole else None


def values(split: PhaseSplit, person: Standpoint) -> dict[str, Any]:
    """Gather what the board shows. Its own address carries everything the rows depend on besides the scores: the
    language, the zone and the row to mark, so that unchanged rows can be answered without asking who is there.
    """
    look = look_at(split, person)
    found = shown(look)
    query: dict[str, Any] = {
        "by": request.args.get("by") and look.columns.order_by,
        "col": list(look.columns.wanted) or None,
        "since": past_ranks.written(look.since) if request.args.get("since") else None,
    }
    return {
        "board": found.board,
        "drawn_table": found.table,
        "own": found.own,
        "columns": look.columns,
        "split": split,
        "only_own": look.only_own,
        "public": look.public,
        "since": look.since,
        "query": query,
        "address": url_for(
            "leaderboards.rows",
            phase_split_id=split.id,
            **query,
            page=look.page if look.page > 1 else None,
            mine=look.own_team_id,
            lang=locale.selected(),
            tz=locale.zone_name(),
        ),
    }
