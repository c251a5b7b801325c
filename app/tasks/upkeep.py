"""Upkeep: leases of running evaluations, submissions nobody works on, and files nobody needs."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from redis.exceptions import RedisError

from app import clock
from app.engines import in_a_line, is_away
from app.extensions import queue, store
from app.queries import challenges, submissions
from app.queries import trial_runs as trial_queries
from app.queries import uploads as upload_queries
from app.services import runs, trial_runs, uploads, workers
from app.tasks import builds
from app.tasks.evaluate import evaluate_next
from app.tasks.workbench import Claim, Hand, workbench

log = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=10)
SWEEP = timedelta(seconds=30)
TIDY = timedelta(hours=1)
# after a failure: what is away is often back soon, and somebody waits for it
AGAIN = timedelta(seconds=5)
ORPHAN_AGE_S = 3600


class Upkeep:
    """The rounds a worker makes beside its evaluations; `tick` is called about once a second."""

    def __init__(self) -> None:
        self._due: dict[Callable[[], None], float] = {}
        # builds after the sweep, which empties the queue
        self._duties = (
            (self._beat, HEARTBEAT),
            (self.sweep, SWEEP),
            (builds.look_after, SWEEP),
            (tidy_files, TIDY),
            (builds.tidy, SWEEP),
        )

    def tick(self) -> None:
        """Do what is due. A failure is logged and tried again at the next round."""
        self._drop_lost_runs()
        for duty, every in self._duties:
            if time.monotonic() >= self._due.get(duty, 0.0):
                done = _guarded(duty)
                self._due[duty] = time.monotonic() + (every if done else min(every, AGAIN)).total_seconds()

    def _drop_lost_runs(self) -> None:
        _drop_lost(workbench, submissions.running)
        _drop_lost(workbench.trials, trial_queries.running)

    def _beat(self) -> None:
        now = clock.now()
        runs.renew_leases(workbench.claims(), now=now)
        trial_runs.renew_leases(workbench.trials.claims(), now=now)
        workers.beat(isolation=None, now=now)

    def sweep(self) -> None:
        """Put right what a lost message, a killed worker or a lapsed lease left behind."""
        # a clock set forward must not end the leases of what runs here and now
        self._beat()
        workers.put_back_lapsed(now=clock.now())
        # emptied before counting: whoever is queued after the count rings for itself
        queue.flush()
        for _ in range(submissions.waiting() + trial_queries.waiting()):
            evaluate_next()


def _drop_lost(hand: Hand, running: Callable[[], list[Claim]]) -> None:
    claims = set(hand.claims())
    if claims:
        _guarded(lambda: hand.lose(claims - set(running())))


def _guarded(duty: Callable[[], None]) -> bool:
    try:
        with workbench.in_app():
            duty()
    except Exception as problem:
        # upkeep must outlive any single failure: a locked database, a full disk, a server that is restarted
        if is_away(problem) or isinstance(problem, RedisError):
            log.warning("upkeep failed and will be tried again: %s", in_a_line(problem))
        else:
            log.exception("upkeep failed and will be tried again")
        return False
    return True


def tidy_files() -> None:
    """Delete stored files that no row names and that are older than an hour: an upload whose commit never came."""
    store.sweep_parts()
    uploads.forget_stale(now=clock.now())
    wanted = submissions.file_keys() | challenges.file_keys() | upload_queries.file_keys() | trial_queries.file_keys()
    old = time.time() - ORPHAN_AGE_S
    for path in store.root.glob("??/*"):
        if path.name not in wanted and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
            log.info("removed the unused file %s", path.name)
    packages = challenges.package_keys()
    for path in store.packages.iterdir():
        if path.name not in packages and path.stat().st_mtime < old:
            store.discard_package(path.name)
