"""A board as it stood at any moment: what people saw then, for those who could see it then."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request

from app import clock
from app.models.challenges import PhaseSplit
from app.queries import leaderboards, past_boards
from app.queries.board_rows import View
from app.rules import permissions
from app.rules.errors import NotFound
from app.rules.permissions import Standpoint
from app.web.access import Access, open_to
from app.web.asked import page_number
from app.web.board_columns import columns
from app.web.challenges import page
from app.web.drawn_boards import table
from app.web.forms.leaderboards import PastForm
from app.web.loading import visible_challenge

bp = Blueprint("past_boards", __name__)


@bp.get("/challenges/<slug>/leaderboard/<int:phase_split_id>/past")
@open_to(Access.READER)
def show(slug: str, phase_split_id: int) -> str:
    seen = visible_challenge(slug)
    split = seen.board(phase_split_id)
    if permissions.sees_only_own_row(seen.person, visibility=split.visibility):
        raise NotFound
    now, since = clock.now(), _first_moment(split, seen.person)
    form = PastForm(request.args, meta={"csrf": False})
    at = form.at.moment if form.validate() and form.at.moment is not None else now
    if form.at.moment is None:
        form.at.process_data(now)
    at = min(at, now)
    board = _board(split, seen.person, at) if since is not None and at >= since else None
    return page(
        "leaderboards/past.html",
        seen,
        tab="leaderboard",
        split=split,
        form=form,
        at=at,
        since=since,
        **(board or {"board": None}),
    )


def _first_moment(split: PhaseSplit, person: Standpoint) -> datetime | None:
    """Return since when this person may look back, None while there is nothing to see."""
    first = past_boards.first_change(split.id)
    if first is None or person.runs_it or split.past_from is None:
        return first
    return max(first, split.past_from)


def _board(split: PhaseSplit, person: Standpoint, at: datetime) -> dict[str, Any]:
    is_anonymous = split.phase.challenge.has_anonymous_teams
    view = View(own_team_id=person.team_id, sees_names=person.runs_it or not is_anonymous)
    number = page_number()
    board = leaderboards.board_at(split, at, page=number, view=view)
    known = columns(split, order_by=None, wanted=())
    return {
        "board": board,
        "columns": known,
        "drawn_table": table(known, board, is_past=True),
        "query": {"at": request.args.get("at")},
    }
