"""The worker killed again and again while it works: what is lost, what is done twice, how soon it goes on."""

import sqlite3
import time

from benchmarks import bundle, product, site
from benchmarks.browser import Browser
from benchmarks.product import Product
from benchmarks.report import Line

SUBMISSIONS = 80
KILLS = 4
BETWEEN = 8
PATIENCE_S = 120.0

_STARTS = "select count(*) from submission_move where cause = 'started'"
_FINISHED = "select count(*) from submission where status = 'finished'"
_AGAIN = "select count(*) from submission_move where cause = 'started' group by submission_id having count(*) > 1"
_TWICE = "select count(*) from submission_move where status = 'finished' group by submission_id having count(*) > 1"
_UNEVEN = """
select count(*) from submission where status = 'finished'
and (select count(*) from entry where entry.submission_id = submission.id) <> 1
"""


def measure() -> list[Line]:
    """Queue submissions, kill the worker while evaluations run, start it again at once, count at the end."""
    with product.running(worker=False) as running:
        (field,), people = site.found(running, "auc")
        content = bundle.predictions()
        with Browser(running.port) as browser, running.database() as database:
            browser.sign_in(people[0])
            browser.prepare(field.slug)
            for _ in range(SUBMISSIONS):
                browser.submit(field.slug, content)
            running.start_worker()
            recoveries = [_kill(running, database, after=(number + 1) * BETWEEN) for number in range(KILLS)]
            _until(database, _FINISHED, SUBMISSIONS)
            finished, again = _one(database, _FINISHED), len(database.execute(_AGAIN).fetchall())
            doubled = len(database.execute(_TWICE).fetchall()) + _one(database, _UNEVEN)
    return [
        Line(
            name=f"{KILLS} SIGKILLs of the worker under {SUBMISSIONS} submissions: lost",
            value=SUBMISSIONS - finished,
            unit="",
            limit=0,
        ),
        Line(name="  scored twice", value=doubled, unit="", limit=0, note=f"{again} were started again"),
        Line(name="  longest from the start of a worker to its first run", value=max(recoveries), unit="s", limit=3),
    ]


def _kill(running: Product, database: sqlite3.Connection, *, after: int) -> float:
    """Kill the worker once so many are finished; return the seconds from its next start to the next run."""
    _until(database, _FINISHED, after)
    running.kill_worker()
    starts = _one(database, _STARTS)
    begin = time.monotonic()
    running.spawn_worker()
    _until(database, _STARTS, starts + 1)
    return time.monotonic() - begin


def _until(database: sqlite3.Connection, query: str, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while _one(database, query) < count:
        if time.monotonic() > deadline:
            return
        time.sleep(0.005)


def _one(database: sqlite3.Connection, query: str) -> int:
    number: int = database.execute(query).fetchone()[0]
    return number
