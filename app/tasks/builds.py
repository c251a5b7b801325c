"""Building environments beside the evaluations: one at a time, in a thread of its own, so that nobody's scores wait."""

import logging
import threading
import time
from dataclasses import asdict

from app import clock
from app.evaluation.building import Built, Interrupted, Order, build
from app.evaluation.installer import PackageSource
from app.extensions import db, queue, store
from app.queries import environments
from app.rules.environments import BuildFailure
from app.services import builds
from app.services import environments as services
from app.services.builds import Claim, Result
from app.tasks import evaluate
from app.tasks.patience import sooner_or_later
from app.tasks.workbench import workbench

log = logging.getLogger(__name__)

RENEW_S = 10.0
END_S = 10.0


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
    queue.ring(build_next)


def look_after() -> None:
    """Begin again what a dead builder left or somebody deleted, ring for it, end the warm parents nobody uses."""
    builds.put_back_lapsed(now=clock.now())
    builds.rebuild_missing()
    builds.try_again(now=clock.now())
    if workbench.evaluator is not None:
        workbench.evaluator.end_idle()
    if environments.waiting():
        ring()


def tidy() -> None:
    """Delete built environments that no row names any more, once no evaluation uses them."""
    # listed before the rows are asked for: whatever is begun in between has its row first
    found = {path.name.removesuffix(".log") for path in store.environments.iterdir()}
    for key in found - environments.keys():
        if _is_free(key):
            store.discard_environment(key)
            log.info("removed the unused environment %s", key)


def _is_free(key: str) -> bool:
    return workbench.evaluator is None or workbench.evaluator.release(store.environment(key))


def run_next(*, stop: threading.Event) -> bool:
    """Build the next environment that waits; False when none does."""
    claim = builds.claim_next(now=clock.now())
    if claim is None:
        return False
    order = _order(claim)
    if not _is_free(order.folder.name):
        # asked for again while an evaluation still runs in what was removed; upkeep rings again
        builds.give_back(claim)
        return False
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
    if not sooner_or_later(lambda: builds.record(claim, result, now=clock.now())):
        log.warning("the build of environment %s was overtaken, its result is dropped", claim[0])
    elif result.failure is None:
        _resume(claim[0])
    return True


def _resume(environment_id: int) -> None:
    """Let go on what waited for an environment: its trials, and what failed for want of it."""
    environment = environments.by_id(environment_id)
    if environment is not None and services.evaluate_again(environment, now=clock.now()):
        log.info("what failed for want of environment %s is evaluated again", environment_id)
    evaluate.ring()


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
    if environment is None:
        raise RuntimeError("the environment vanished before its build")
    settings = workbench.settings
    return Order(
        folder=store.environment(environment.key),
        log=store.build_log(environment.key),
        requirements=environment.requirements,
        source=PackageSource(index=settings.package_index, folder=settings.package_folder),
        seconds=settings.build_seconds,
        most_bytes=settings.environment_bytes,
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
