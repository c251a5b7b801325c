"""What a board asks of the database as submissions grow: from 1,000 of 100 teams to 1,000,000 of 10,000 teams."""

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert

from app import clock
from app.engines import PRAGMAS
from app.extensions import db, writing
from app.models.challenges import PhaseSplit
from app.models.leaderboards import BoardQuarter, Standing, StandingChange
from app.models.submissions import Entry, Submission
from app.queries import challenges, leaderboards, past_boards, pictures, places, submissions
from app.queries.board_rows import View
from app.rules.quarters import added_up, counted
from app.rules.states import SubmissionStatus
from app.services import boards
from benchmarks import product, site
from benchmarks.report import Line, median


@dataclass(frozen=True)
class Size:
    """How many teams stand on a board, and how many submissions each of them sent."""

    teams: int
    each: int

    @property
    def submissions(self) -> int:
        return self.teams * self.each

    @property
    def words(self) -> str:
        return f"{self.submissions:,} submissions"


# each fills the first page
SMALL, MIDDLE, LARGE = Size(100, 10), Size(1_000, 10), Size(10_000, 100)
# teams whose submissions are inserted at once, so that a million of them do not lie in memory
AT_ONCE = 200
TRIES = 60
CHECKED = 50

Statement = tuple[str, Any]


def measure() -> list[Line]:
    """Fill three instances and ask them, in turn, for the first page of the board; the large one for all else too."""
    with _board(SMALL) as small, _board(MIDDLE) as middle, _board(LARGE) as (large, asked_large):
        filled = (small, middle, (large, asked_large))
        pages = [[_replayed(database, asked.page) for database, asked in filled] for _ in range(TRIES)]
        own, pictures, past, ranks = (
            median([_replayed(large, statements) for _ in range(tries)]) * 1000
            for statements, tries in (
                (asked_large.own, TRIES),
                (asked_large.pictures, TRIES // 3),
                (asked_large.past, TRIES // 10),
                (asked_large.ranks, TRIES // 10),
            )
        )
    return [
        *_compared("SQL of a board's first page", pages),
        Line(name=f"SQL of the own row in the middle, {LARGE.words}", value=own, unit="ms", limit=1),
        Line(name=f"SQL of the pictures, {LARGE.words}", value=pictures, unit="ms", limit=20),
        Line(name=f"SQL of a page of a past moment, {LARGE.teams:,} teams", value=past, unit="ms"),
        Line(name=f"ranks of {LARGE.teams:,} teams at a moment in the past (once a day)", value=ranks, unit="ms"),
    ]


def _compared(name: str, seconds: list[list[float]]) -> list[Line]:
    """Compare the three sizes; the limit is for a hundred times the submissions of the middle one."""
    small, middle, large = (median(list(one)) * 1000 for one in zip(*seconds, strict=True))
    return [
        Line(name=f"{name}, {SMALL.words}", value=small, unit="ms"),
        Line(name=f"{name}, {MIDDLE.words}", value=middle, unit="ms"),
        Line(name=f"{name}, {LARGE.words}", value=large, unit="ms"),
        Line(name=f"  the last to that of {SMALL.submissions:,}", value=large / small, unit="x"),
        Line(name=f"  the last to that of {MIDDLE.submissions:,}", value=large / middle, unit="x", limit=1.2),
    ]


@dataclass(frozen=True)
class Asked:
    """What is asked of the database for the first page, a team's own row, the pictures, a past moment and its ranks."""

    page: list[Statement]
    own: list[Statement]
    pictures: list[Statement]
    past: list[Statement]
    ranks: list[Statement]


@contextmanager
def _board(size: Size) -> Iterator[tuple[sqlite3.Connection, Asked]]:
    """Fill an instance; give its database and the statements that draw its board."""
    with product.running(web=False, worker=False) as running:
        (field,), _ = site.found(running, "nothing")
        with running.app.app_context(), running.database() as database:
            # as the product uses it
            for pragma in PRAGMAS:
                database.execute(f"pragma {pragma}")
            middle = _fill(field, size)
            yield database, _statements(field, middle=middle)


def _statements(field: site.Field, *, middle: int) -> Asked:
    """Ask for the board as a page does, and return what that asks of the database, with its values."""
    split = challenges.phase_split(field.board_id)
    if split is None:
        raise RuntimeError("the board is not there")
    page = _noted(lambda: leaderboards.board(split, own_team_id=None))
    view = View(own_team_id=middle)
    own = _noted(lambda: leaderboards.own_place(split, order_by=None, view=view))
    drawn = _noted(lambda: (pictures.leaders(split, view, only_own=False), pictures.scores(split), _quarters(split)))
    past = _noted(lambda: leaderboards.board_at(split, clock.now() - timedelta(days=20), view=view))
    ranks = _noted(lambda: past_boards.ranks_at(split.id, clock.now()))
    if len(leaderboards.board(split, own_team_id=None).rows) != places.PAGE:
        raise RuntimeError("the first page is not full")
    db.session.remove()
    return Asked(page, own, drawn, past, ranks)


def _quarters(split: PhaseSplit) -> int:
    found = pictures.quarters(split)
    if not found:
        raise RuntimeError("nobody has sent anything")
    return len(found)


def _noted(ask: Callable[[], object]) -> list[Statement]:
    asked: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return asked


def _replayed(database: sqlite3.Connection, statements: list[Statement]) -> float:
    """Return the seconds until all rows of all statements are there."""
    begin = time.perf_counter()
    for statement, values in statements:
        database.execute(statement, values).fetchall()
    return time.perf_counter() - begin


def _fill(field: site.Field, size: Size) -> int:
    """Insert submissions with their standings, let the service confirm some, and return the team in the middle."""
    teams = site.add_teams(field, size.teams)
    account_id = site.teams(field)[0][1]
    chance = random.Random(size.submissions)
    scored: list[tuple[float, int]] = []
    sent: Counter[int] = Counter()
    for start in range(0, len(teams), AT_ONCE):
        some = teams[start : start + AT_ONCE]
        standings = _insert(field, some, account_id, first=start * size.each + 1, each=size.each, chance=chance)
        scored += [(it["score"], it["team_id"]) for it in standings]
        sent += added_up(it["quarters"] for it in standings)
    with writing() as session:
        counts = [{"phase_split_id": field.board_id, "quarter": at, "count": count} for at, count in sent.items()]
        session.execute(insert(BoardQuarter), counts)
        boards.raise_version(session, session.get_one(PhaseSplit, field.board_id), more_teams=len(teams))
    _confirm(field, teams[:CHECKED])
    with db.engine.connect() as connection:
        connection.exec_driver_sql("analyze")
    return sorted(scored)[len(scored) // 2][1]


def _insert(
    field: site.Field, teams: list[int], account_id: int, *, first: int, each: int, chance: random.Random
) -> list[dict[str, Any]]:
    """Insert the submissions of some teams with their standings, and return those."""
    rows: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    standings: list[dict[str, Any]] = []
    for team_id in teams:
        scores = [chance.random() for _ in range(each)]
        numbers = range(first + len(rows), first + len(rows) + each)
        rows += [_row(field, team_id, account_id, number=number) for number in numbers]
        entries += [_entry(field, number, score) for number, score in zip(numbers, scores, strict=True)]
        best = max(range(each), key=scores.__getitem__)
        standings.append(
            {
                "phase_split_id": field.board_id,
                "team_id": team_id,
                "submission_id": numbers[best],
                "score": scores[best],
                "best_at": rows[numbers[best] - first]["submitted_at"],
                "entries": each,
                "last_at": rows[-1]["submitted_at"],
                "quarters": counted(it["submitted_at"] for it in rows[-each:]),
            }
        )
    names = ("phase_split_id", "team_id", "submission_id", "score", "best_at")
    changes = [{name: it[name] for name in names} | {"at": it["best_at"]} for it in standings]
    with writing(durable=False) as session:
        for table, values in ((Submission, rows), (Entry, entries), (Standing, standings), (StandingChange, changes)):
            session.execute(insert(table), values)
    return standings


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
