"""From a submission to its start after a quiet time, what waiting costs, and how fast a full queue drains."""

import time

from benchmarks import bundle, processes, product, scoring, site
from benchmarks.browser import Browser
from benchmarks.report import Line, median, p95

QUIET_S = 5.0
TRIES = 20
IDLE_S = 10.0
QUEUED = 100

_DELAY = """
select 86400000.0 * (julianday(started.at) - julianday(received.at)) from submission_move received
join submission_move started on started.submission_id = received.submission_id and started.cause = 'started'
where received.cause = 'received' and received.submission_id = ?
"""
_DRAIN = """
select 86400.0 * (julianday(max(completed_at)) - julianday(min(started_at))), count(*)
from submission where status = 'finished'
"""


def measure() -> list[Line]:
    """Measure waking and idling on one instance, draining on another."""
    return [*_waking(), _draining("nothing"), _draining("auc")]


def _waking() -> list[Line]:
    with product.running() as running:
        (field,), people = site.found(running, "nothing")
        with Browser(running.port) as browser, running.database() as database:
            browser.sign_in(people[0])
            browser.prepare(field.slug)
            delays = []
            for number in range(1 + TRIES):
                time.sleep(QUIET_S if number else 0)
                made = browser.submit(field.slug, b"id,score\n1,0.5\n2,0.5\n")
                scoring.wait_for(database, made)
                if number:
                    delays.append(float(database.execute(_DELAY, [made]).fetchone()[0]))
        time.sleep(1)
        tree = running.worker_tree()
        before = processes.cpu_seconds(tree)
        time.sleep(IDLE_S)
        idle = (processes.cpu_seconds(tree) - before) / IDLE_S * 100
    return [
        Line(name="accepted to started after 5 s of quiet, median", value=median(delays), unit="ms"),
        Line(name="  95th percentile", value=p95(delays), unit="ms", limit=20),
        Line(name="worker and warm parent with nothing to do, of one core", value=idle, unit="%", limit=0.5),
    ]


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
