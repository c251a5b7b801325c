"""From a submission to its start after a quiet time, what waiting costs, and how fast a full queue drains."""

import datetime as dt
import sqlite3
import time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app import clock
from app.extensions import db, store
from app.models.accounts import Account
from app.models.challenges import Phase
from app.services import submissions
from app.tasks.evaluate import ring
from benchmarks import bundle, processes, product, scoring, site
from benchmarks.browser import Browser
from benchmarks.report import Line, median, p95

QUIET_S = 5.0
TRIES = 20
IDLE_S = 10.0
QUEUED = 100

_STARTED = "select at from submission_move where submission_id = ? and cause = 'started'"
_DRAIN = """
select 86400.0 * (julianday(max(completed_at)) - julianday(min(started_at))), count(*)
from submission where status = 'finished'
"""


def measure() -> list[Line]:
    """Measure waking and idling on one instance, draining on another."""
    return [*_waking(), _draining("nothing"), _draining("auc")]


def _waking() -> list[Line]:
    """Queue from a process beside the worker, as the web server does; its own start is over by then."""
    with product.running() as running:
        (field,), people = site.found(running, "nothing")
        with running.database() as database, running.app.app_context():
            delays = [_delay(field, people[0], database, number=number) for number in range(1 + TRIES)][1:]
        time.sleep(1)
        tree = running.worker_tree()
        before = processes.cpu_seconds(tree)
        time.sleep(IDLE_S)
        idle = (processes.cpu_seconds(tree) - before) / IDLE_S * 100
    since_queued, since_accepted = zip(*delays, strict=True)
    return [
        Line(
            name="accepted to started after 5 s of quiet",
            value=median(since_accepted),
            tail=p95(since_accepted),
            unit="ms",
        ),
        Line(name="queued to started after 5 s of quiet, median", value=median(since_queued), unit="ms"),
        Line(name="  95th percentile", value=p95(since_queued), unit="ms", limit=20),
        Line(name="worker and warm parent with nothing to do, of one core", value=idle, unit="%", limit=0.5),
    ]


def _delay(field: site.Field, email: str, database: sqlite3.Connection, *, number: int) -> tuple[float, float]:
    """Submit after a quiet time; return the milliseconds to its start since it was queued and since it was accepted."""
    time.sleep(QUIET_S if number else 0)
    accepted = clock.now()
    made = _submit(field, email, number=number, now=accepted)
    queued = clock.now()
    ring()
    scoring.wait_for(database, made)
    started = dt.datetime.fromisoformat(database.execute(_STARTED, [made]).fetchone()[0]).replace(tzinfo=dt.UTC)
    one = dt.timedelta(milliseconds=1)
    return (started - queued) / one, (started - accepted) / one


def _submit(field: site.Field, email: str, *, number: int, now: dt.datetime) -> int:
    file = store.incoming()
    file.write(f"id,score\n1,0.5\n2,0.{number}\n".encode())
    return submissions.submit(
        db.session.get_one(Phase, field.phase_id),
        by=db.session.scalars(select(Account).where(Account.email == email)).one(),
        file=file,
        file_name="guess.csv",
        form_key=str(number),
        method=submissions.Method(),
        show_on_board=True,
        now=now,
        zone=ZoneInfo("UTC"),
    )


def _draining(name: str) -> Line:
    """Fill the queue while no worker runs, then start one: the rate from the first start to the last score."""
    content = bundle.predictions() if name == "auc" else b"id,score\n1,0.5\n2,0.5\n"
    with product.running(worker=False) as running:
        (field,), people = site.found(running, name)
        with Browser(running.port) as browser, running.database() as database:
            browser.sign_in(people[0])
            browser.prepare(field.slug)
            numbers = [browser.submit(field.slug, content) for _ in range(QUEUED)]
            running.start_worker()
            for number in numbers:
                scoring.wait_for(database, number)
            seconds, count = database.execute(_DRAIN).fetchone()
    what = "AUC over 100,000 rows" if name == "auc" else "a script that does nothing"
    return Line(
        name=f"{count} queued submissions, 2 workers: {what}",
        value=count / seconds,
        unit="/s",
        limit=15,
        at_least=True,
    )
