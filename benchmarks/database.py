"""What a board asks of the database as submissions grow: 10,000 beside 100,000."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert

from app import clock
from app.extensions import db, writing
from app.models.challenges import PhaseSplit
from app.models.leaderboards import Standing
from app.models.submissions import Entry, Submission
from app.queries import challenges, leaderboards, places, submissions
from app.rules.states import SubmissionStatus
from app.services import boards
from benchmarks import product, site
from benchmarks.report import Line, median

SMALL, LARGE = 10_000, 100_000
EACH = 20
TRIES = 60
CHECKED = 50

Statement = tuple[str, Any]


def measure() -> list[Line]:
    """Fill two instances and ask both, in turn, for the first page of the board."""
    with _board(SMALL) as (small, asked_small), _board(LARGE) as (large, asked_large):
        pages = [
            (_replayed(small, _drawing(asked_small)), _replayed(large, _drawing(asked_large))) for _ in range(TRIES)
        ]
        counted = median([_replayed(large, _counting(asked_large)) for _ in range(TRIES)]) * 1000
    few, many = median([one for one, _ in pages]) * 1000, median([other for _, other in pages]) * 1000
    return [
        Line(name=f"SQL of a board's first page, {SMALL:,} submissions", value=few, unit="ms"),
        Line(name=f"SQL of a board's first page, {LARGE:,} submissions", value=many, unit="ms"),
        Line(name="  the one to the other", value=many / few, unit="x", limit=1.2),
        Line(name=f"  counting its {LARGE // EACH:,} teams for the number of pages", value=counted, unit="ms"),
    ]


def _drawing(asked: list[Statement]) -> list[Statement]:
    return [it for it in asked if it not in _counting(asked)]


def _counting(asked: list[Statement]) -> list[Statement]:
    """Return the count of all teams, which grows with them; that of the better ones is part of drawing."""
    return [(text, values) for text, values in asked if "count(*)" in text and "score" not in text]


@contextmanager
def _board(count: int) -> Iterator[tuple[sqlite3.Connection, list[Statement]]]:
    """Fill an instance; give its database and the statements that draw its board."""
    with product.running(web=False, worker=False) as running:
        (field,), _ = site.found(running, "nothing")
        with running.app.app_context(), running.database() as database:
            _fill(field, count)
            yield database, _statements(field)


def _statements(field: site.Field) -> list[Statement]:
    """Ask for the board as a page does, and return what that asks of the database, with its values."""
    split = challenges.phase_split(field.board_id)
    if split is None:
        raise RuntimeError("the board is not there")
    asked: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        board = leaderboards.board(split, own_team_id=None)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    if len(board.rows) != places.PAGE:
        raise RuntimeError(f"the board shows {len(board.rows)} rows")
    db.session.remove()
    return asked


def _replayed(database: sqlite3.Connection, statements: list[Statement]) -> float:
    """Return the seconds until all rows of all statements are there."""
    begin = time.perf_counter()
    for statement, values in statements:
        database.execute(statement, values).fetchall()
    return time.perf_counter() - begin


def _fill(field: site.Field, count: int) -> None:
    """Insert submissions of `count / EACH` teams with their standings, and let the service confirm some of those."""
    teams = site.add_teams(field, count // EACH)
    account_id = site.teams(field)[0][1]
    chance = random.Random(count)
    rows: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    standings: list[dict[str, Any]] = []
    for team_id in teams:
        scores = [chance.random() for _ in range(EACH)]
        numbers = range(len(rows) + 1, len(rows) + EACH + 1)
        rows += [_row(field, team_id, account_id, number=number) for number in numbers]
        entries += [_entry(field, number, score) for number, score in zip(numbers, scores, strict=True)]
        best = max(range(EACH), key=scores.__getitem__)
        standings.append(
            {
                "phase_split_id": field.board_id,
                "team_id": team_id,
                "submission_id": numbers[best],
                "score": scores[best],
                "best_at": rows[numbers[best] - 1]["submitted_at"],
                "entries": EACH,
                "last_at": rows[-1]["submitted_at"],
            }
        )
    with writing() as session:
        for table, values in ((Submission, rows), (Entry, entries), (Standing, standings)):
            session.execute(insert(table), values)
        boards.raise_version(session, session.get_one(PhaseSplit, field.board_id), more_teams=len(standings))
    _confirm(field, teams[:CHECKED])
    with db.engine.connect() as connection:
        connection.exec_driver_sql("analyze")


def _confirm(field: site.Field, teams: list[int]) -> None:
    """Compute standings anew, as after a score; RuntimeError where that gives others than were inserted."""
    for team_id in teams:
        with writing() as session:
            known = submissions.standing_of(field.board_id, team_id)
            before = known and (known.submission_id, known.score, known.entries, known.last_at)
            boards.refresh_standing(session, session.get_one(PhaseSplit, field.board_id), team_id)
            session.flush()
            # the service writes past the session
            session.expire_all()
            known = submissions.standing_of(field.board_id, team_id)
            if known is None or before != (known.submission_id, known.score, known.entries, known.last_at):
                raise RuntimeError(f"team {team_id} stands otherwise than the service says")


def _row(field: site.Field, team_id: int, account_id: int, *, number: int) -> dict[str, Any]:
    at = clock.now() - timedelta(days=30) + timedelta(seconds=number)
    return {
        "id": number,
        "phase_id": field.phase_id,
        "team_id": team_id,
        "account_id": account_id,
        "version_id": field.version_id,
        "number": number,
        "form_key": f"bench-{number}",
        "status": SubmissionStatus.FINISHED,
        "attempt": 1,
        "file_name": "scores.csv",
        "file_key": f"bench-{number}",
        "size": 1,
        "sha256": "",
        "on_board": True,
        "submitted_at": at,
        "completed_at": at,
        "seconds": 0.1,
    }


def _entry(field: site.Field, number: int, score: float) -> dict[str, Any]:
    return {"submission_id": number, "phase_split_id": field.board_id, "scores": {"AUC": score}, "errors": {}}
