"""Building environments beside the evaluations: one at a time, in a thread of its own, so that nobody's scores wait."""

import logging
import sqlite3
import threading
import time
from dataclasses import asdict
from pathlib import Path

from redis.exceptions import RedisError

from app import clock
from app.evaluation.building import Built, Interrupted, Order, build
from app.evaluation.installer import PackageSource
from app.evaluation.isolation import NotIsolated
from app.extensions import db, queue, store
from app.models.challenges import BundleVersion
from app.queries import environments
from app.rules.environments import BuildFailure
from app.services import builds
from app.services.builds import Claim, Result
from app.tasks.workbench import workbench

log = logging.getLogger(__name__)

RENEW_S = 10.0
END_S = 10.0
ORPHAN_AGE_S = 3600


class Builder:
    """The thread that builds; it ends when nothing waits and is started again by the next ring."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def wake(self) -> None:
        """Build what waits, unless that is being done already."""
        with self._lock:
            if not self._stop.is_set() and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._work, name="environment-builder", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the build in hand; it begins again with the next worker."""
        self._stop.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(END_S)

    def _work(self) -> None:
        try:
            with workbench.in_app():
                while not self._stop.is_set() and run_next(stop=self._stop):
                    pass
        except Exception:
            # the thread must not die silently; upkeep rings again
            log.exception("an environment could not be built")


builder = Builder()


@queue.task()  # type: ignore[untyped-decorator]  # huey ships no types
def build_next() -> None:
    """Answer one ring of the bell: build the environments that wait."""
    builder.wake()


def ring() -> None:
    """Wake the builder; if the queue cannot be written, upkeep finds the environment."""
    try:
        build_next()
    except (OSError, sqlite3.Error, RedisError):
        log.exception("the queue could not be written; upkeep will find the environment")


def look_after() -> None:
    """Begin again what a dead builder left or somebody deleted, ring for it, end the warm parents nobody uses."""
    builds.put_back_lapsed(now=clock.now())
    builds.rebuild_missing()
    if workbench.evaluator is not None:
        workbench.evaluator.end_idle()
    if environments.waiting():
        ring()


def tidy() -> None:
    """Delete built environments that no row names and that are older than an hour."""
    known = environments.keys()
    old = time.time() - ORPHAN_AGE_S
    for path in store.environments.iterdir():
        key = path.name.removesuffix(".log")
        if key not in known and path.stat().st_mtime < old:
            store.discard_environment(key)
            log.info("removed the unused environment %s", key)


def environment_of(version: BundleVersion) -> Path | None:
    """Return the folder of the environment that a version is evaluated in; None for the server's own packages.

    Raises NotIsolated while one that scores were made in is being built again: they are to stay comparable.
    """
    environment = version.environment
    if environment is None or environment.built_at is None:
        return None
    if not environment.is_usable:
        raise NotIsolated("The environment of this version is being built again.")
    return store.environment(environment.key)


def run_next(*, stop: threading.Event) -> bool:
    """Build the next environment that waits; False when none does."""
    claim = builds.claim_next(now=clock.now())
    if claim is None:
        return False
    order = _order(claim)
    # a build may take minutes: no connection and no snapshot is held meanwhile
    db.session.remove()
    try:
        result = _result(order, _Hold(claim, stop))
    except Interrupted:
        builds.give_back(claim)
        return not stop.is_set()
    except OSError as problem:
        log.exception("an environment could not be built")
        result = Result(failure=BuildFailure.INSTALLER, failure_detail=str(problem))
    if not builds.record(claim, result, now=clock.now()):
        log.warning("the build of environment %s was overtaken, its result is dropped", claim[0])
    return True


class _Hold:
    """Whether a build is still wanted; asking keeps its lease alive."""

    def __init__(self, claim: Claim, stop: threading.Event) -> None:
        self._claim, self._stop = claim, stop
        self._renewed = time.monotonic()

    def __call__(self) -> bool:
        if self._stop.is_set():
            return False
        if time.monotonic() - self._renewed < RENEW_S:
            return True
        self._renewed = time.monotonic()
        held = builds.renew(self._claim, now=clock.now())
        db.session.remove()
        return held


def _order(claim: Claim) -> Order:
    environment = environments.by_id(claim[0])
    if workbench.app is None or environment is None:
        raise RuntimeError("the worker has not been equipped")
    settings = workbench.app.extensions["settings"]
    return Order(
        folder=store.environment(environment.key),
        log=store.build_log(environment.key),
        requirements=environment.requirements,
        source=PackageSource(index=settings.package_index, folder=settings.package_folder),
        seconds=settings.build_seconds,
    )


def _result(order: Order, hold: _Hold) -> Result:
    made = build(order, wanted=hold)
    if isinstance(made, Built):
        return Result(size=made.size, packages=made.packages)
    return Result(
        failure=made.reason,
        failure_detail=made.detail,
        unavailable=[asdict(it) for it in made.unavailable],
    )
