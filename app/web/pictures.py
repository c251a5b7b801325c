"""Pictures of a board: scores over time, submissions a day, how scores spread; all from what its viewer sees on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, request, url_for

from app.board_watch import etag
from app.models.challenges import PhaseSplit
from app.queries import leaderboards, pictures
from app.queries.board_rows import Row, View
from app.rules import charts, permissions
from app.rules.errors import NotFound
from app.rules.permissions import Standpoint
from app.web import locale
from app.web.access import Access, open_to
from app.web.challenges import page
from app.web.fragments import etagged, piece
from app.web.kept import Kept
from app.web.loading import visible_board, visible_challenge

bp = Blueprint("pictures", __name__)

Chart = TypeVar("Chart", charts.LineChart, charts.BarChart)


@bp.get("/challenges/<slug>/pictures", defaults={"phase_split_id": None})
@bp.get("/challenges/<slug>/pictures/<int:phase_split_id>")
@open_to(Access.READER)
def show(slug: str, phase_split_id: int | None) -> str:
    seen = visible_challenge(slug)
    if not seen.boards:
        return page("leaderboards/none.html", seen, tab="pictures")
    split = next((it for it in seen.boards if it.id == phase_split_id), None if phase_split_id else seen.boards[0])
    if split is None:
        raise NotFound
    return page("pictures/show.html", seen, tab="pictures", splits=seen.boards, **_values(split, seen.person))


@bp.get("/boards/<int:phase_split_id>/pictures")
@open_to(Access.READER, fragment=True)
def drawn(phase_split_id: int) -> Response:
    split, person = visible_board(phase_split_id)
    only_own = permissions.sees_only_own_row(person, visibility=split.visibility)
    tag = etag(phase_split_id, leaderboards.version_of(phase_split_id))
    if not only_own and request.headers.get("If-None-Match") == tag:
        return etagged("", tag)
    html = piece("pictures/_pictures.html", **_values(split, person))
    # the version of a board counts everybody's scores, which is nothing for somebody who sees one row of it
    return etagged(html, None if only_own else tag)


def _values(split: PhaseSplit, person: Standpoint) -> dict[str, Any]:
    """Gather the three pictures; scores have the decimals of the board, so that no line tells more than its rows."""
    only_own = permissions.sees_only_own_row(person, visibility=split.visibility)
    is_anonymous = split.phase.challenge.has_anonymous_teams
    view = View(own_team_id=person.team_id, sees_names=person.runs_it or not is_anonymous)
    rows = [it for it in pictures.leaders(split, view, only_own=only_own) if it.trail]
    trails = [[(at, round(score, split.decimals)) for at, score in it.trail] for it in rows]
    until = max((it.last_at.timestamp() for it in rows), default=0.0)
    return {
        "split": split,
        "label": split.leaderboard.default_order_by,
        "rows": rows,
        "trails": trails,
        "lines": _drawn(lambda canvas: charts.line_chart(trails, until=until, canvas=canvas)),
        **_spread(split, rows, only_own=only_own),
        **_days(split, person, only_own=only_own),
        "address": url_for("pictures.drawn", phase_split_id=split.id, lang=locale.selected(), tz=locale.zone_name()),
    }


@dataclass(frozen=True)
class Numbers:
    """What the pictures of one version of a board are drawn from, whoever looks."""

    bins: list[charts.Bin]
    sent: list[tuple[datetime, int]]


def _numbers(split: PhaseSplit) -> Numbers:
    """Return the numbers of a board, worked out once a version: they are those of all teams."""
    known: Kept[Numbers] = current_app.extensions.setdefault("picture_numbers", Kept())
    return known.get((split.id, leaderboards.version_of(split.id)), lambda: _counted(split))


def _counted(split: PhaseSplit) -> Numbers:
    scores = [round(it, split.decimals) for it in pictures.scores(split)]
    return Numbers(charts.bins(scores), pictures.quarters(split))


def _spread(split: PhaseSplit, rows: list[Row], *, only_own: bool) -> dict[str, Any]:
    found = [] if only_own else _numbers(split).bins
    own = next((it for it in rows if it.is_own), None)
    score = own.scores[split.leaderboard.default_order_by] if own is not None else None
    return {
        "bins": found,
        "spread": _bars([it.count for it in found]),
        "own_bin": charts.bin_of(found, round(score, split.decimals)) if found and score is not None else None,
    }


def _days(split: PhaseSplit, person: Standpoint, *, only_own: bool) -> dict[str, Any]:
    sent = pictures.quarters_of(split, person.team_id) if only_own else _numbers(split).sent
    days = charts.by_day(sent, zone=locale.zone())
    return {"days": days, "per_day": _bars([count for _, count in days])}


def _bars(values: list[int]) -> list[charts.BarChart]:
    return _drawn(lambda canvas: charts.bar_chart(values, canvas=canvas))


def _drawn(draw: Callable[[charts.Canvas], Chart | None]) -> list[Chart]:
    """Return a picture once for each canvas, of which one is shown; none where there is nothing to draw."""
    return [chart for chart in map(draw, charts.CANVASES) if chart is not None]
