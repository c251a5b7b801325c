"""A board as a file or on paper: all of its rows as the page shows them to the same person, and nothing more."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, stream_with_context

from app.models.challenges import PhaseSplit
from app.queries import board_rows, leaderboards
from app.queries.board_rows import Row
from app.queries.places import Place
from app.rules.spreadsheets import Cell, Figure
from app.services import standings
from app.web.access import Access, open_to
from app.web.challenges import page
from app.web.downloads import csv_download
from app.web.drawn_boards import Look, table
from app.web.leaderboards import look_at
from app.web.loading import SeenChallenge, visible_challenge

bp = Blueprint("board_exports", __name__, url_prefix="/challenges/<slug>/leaderboard/<int:phase_split_id>")

AT_ONCE = 500
MOST_ON_PAPER = 1000


@bp.get("/board.csv")
@open_to(Access.READER)
def as_csv(slug: str, phase_split_id: int) -> Response:
    look = _look(visible_challenge(slug), phase_split_id)
    return csv_download(_table(look), name=f"{slug}-leaderboard-{phase_split_id}.csv")


@bp.get("/board.json")
@open_to(Access.READER)
def as_json(slug: str, phase_split_id: int) -> Response:
    look = _look(visible_challenge(slug), phase_split_id)
    return Response(stream_with_context(_json(look)), mimetype="application/json")


@bp.get("/print")
@open_to(Access.READER)
def on_paper(slug: str, phase_split_id: int) -> str:
    seen = visible_challenge(slug)
    look = _look(seen, phase_split_id)
    every = _places(look)
    view = look.view(own=True)
    rows = board_rows.rows(look.split, every[:MOST_ON_PAPER], view)
    label = look.columns.order_by
    empty = leaderboards.board(look.split, order_by=label, own_team_id=None, only_own=True)
    board = replace(empty, rows=tuple(rows), teams=sum(it.rank is not None for it in every))
    return page(
        "leaderboards/print.html",
        seen,
        tab="leaderboard",
        split=look.split,
        columns=look.columns,
        board=board,
        drawn_table=table(look.columns, board),
        since=look.since,
        public=look.public,
        ranks_picks=standings.is_final(look.split),
        left_out=max(0, len(every) - MOST_ON_PAPER),
    )


def _look(seen: SeenChallenge, phase_split_id: int) -> Look:
    """Return how the viewer sees a board of this challenge; NotFound when that is not at all."""
    return look_at(seen.board(phase_split_id), seen.person)


def _places(look: Look) -> list[Place]:
    if look.only_own:
        mine = leaderboards.own_place(look.split, order_by=look.columns.order_by, view=look.view(own=True))
        return [mine.place] if mine is not None and mine.place is not None else []
    return leaderboards.every_place(look.split, order_by=look.columns.order_by)


def _rows(look: Look) -> Iterator[Row]:
    """Read the rows some at a time: the places are those of one moment, and little is held in memory."""
    every, view = _places(look), look.view(own=True)
    for start in range(0, len(every), AT_ONCE):
        yield from board_rows.rows(look.split, every[start : start + AT_ONCE], view)


def _table(look: Look) -> Iterator[Sequence[Cell]]:
    attributes = board_rows.visible_attributes(look.split.phase)
    labels = look.split.leaderboard.labels
    took = ["seconds"] if look.split.show_execution_time else []
    errors = [f"{label} ±" for label in labels]
    about = ["method", "project", "publication", *attributes]
    yield ["rank", "team", "members", "marks", *labels, *errors, *took, *about, "entries", "last_submission"]
    for row in _rows(look):
        yield _cells(look.split, row)


def _cells(split: PhaseSplit, row: Row) -> list[Cell]:
    scores = [_figure(row.scores[label], split.decimals) for label in split.leaderboard.labels]
    errors = [_figure(row.errors[label], split.decimals) for label in split.leaderboard.labels]
    words = [_name(row), ", ".join(row.members), ", ".join(_marks(row))]
    links = dict(row.links)
    about = (row.method, links.get("project", ""), links.get("publication", ""))
    took = [_figure(row.seconds, 3)] if split.show_execution_time else []
    last_at = row.last_at.isoformat(timespec="seconds")
    return [row.rank, *words, *scores, *errors, *took, *about, *row.attributes, row.entries, last_at]


def _figure(value: float | None, decimals: int) -> Figure | None:
    """Write a number with the decimals that the page shows: more would tell what the host keeps back."""
    return None if value is None else Figure(f"{value:.{decimals}f}")


def _name(row: Row) -> str:
    return row.team or f"Team {row.alias}"


def _marks(row: Row) -> list[str]:
    marks = {"baseline": row.is_baseline, "verified": row.is_verified, "partial": row.is_partial}
    return [name for name, holds in marks.items() if holds]


def _json(look: Look) -> Iterator[str]:
    split, label = look.split, look.columns.order_by
    about = {
        "challenge": split.phase.challenge.slug,
        "phase": split.phase.codename,
        "split": split.dataset_split.codename,
        "ordered_by": label,
        "higher_is_better": bool(split.descending[label]),
        "share_percent": split.share_percent,
    }
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": ['
    for number, row in enumerate(_rows(look)):
        yield ("," if number else "") + "\n" + json.dumps(_plain(split, row), ensure_ascii=False)
    yield "\n]}\n"


def _plain(split: PhaseSplit, row: Row) -> dict[str, Any]:
    names = board_rows.visible_attributes(split.phase)
    return {
        "rank": row.rank,
        "team": _name(row),
        "members": list(row.members),
        "marks": _marks(row),
        "scores": {label: _rounded(value, split.decimals) for label, value in row.scores.items()},
        "errors": {label: _rounded(value, split.decimals) for label, value in row.errors.items()},
        "seconds": row.seconds if split.show_execution_time else None,
        "method": row.method,
        "links": dict(row.links),
        "attributes": dict(zip(names, row.attributes, strict=True)),
        "entries": row.entries,
        "last_submission": row.last_at.isoformat(timespec="seconds"),
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else float(f"{value:.{decimals}f}")
