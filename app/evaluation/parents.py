"""The warm parents of environments: each started when a job needs it, ended when none has for a while."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.evaluation.box import Box
from app.evaluation.interpreter import Interpreter, interpreter_of
from app.evaluation.isolation import NotIsolated, probe
from app.evaluation.warm_parent import WarmParent, WarmParentError

IDLE_SECONDS = 600.0
# Each holds 170 MiB with numpy, pandas and scikit-learn in it.
_MOST_IDLE = 3


class BrokenEnvironmentError(Exception):
    """The packages of an environment keep its warm parent from starting, or its walls from standing."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a job runs: the warm parent that forks its child, and the jobs folder which that one sees."""

    parent: WarmParent
    jobs_dir: Path


@dataclass(kw_only=True)
class _Kept:
    """A warm parent with the count of jobs that are using it and when the last one ended."""

    place: Place
    users: int = 0
    used_at: float = 0.0


class EnvironmentParents:
    """The warm parents of the environments in use. Thread-safe.

    Each sees a jobs folder of its own: packages that a challenge asked for never come near another challenge's files.
    """

    def __init__(self, jobs_dir: Path) -> None:
        self._jobs_dir = jobs_dir
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    @contextlib.contextmanager
    def using(self, environment: Path, *, box: Box) -> Iterator[Place]:
        """Give the warm parent of an environment, started if need be, and keep it alive meanwhile.

        Raises NotIsolated when the environment is not there, BrokenEnvironmentError, OSError.
        """
        with self._lock:
            kept = self._alive(environment, box)
            kept.users += 1
        try:
            yield kept.place
        finally:
            with self._lock:
                kept.users -= 1
                kept.used_at = time.monotonic()
                self._end_longest_idle()

    def end_idle(self, *, seconds: float = IDLE_SECONDS) -> None:
        """End those that no job has used for so long; not while one is being started, which may take a while."""
        limit = time.monotonic() - seconds
        with self._if_free() as free:
            for name, kept in list(self._kept.items()):
                if free and not kept.users and kept.used_at < limit:
                    self._end(name)

    def release(self, environment: Path) -> bool:
        """End the one of an environment, so that its folder can go; False while a job uses it."""
        with self._if_free() as free:
            kept = self._kept.get(environment.name)
            if not free or (kept is not None and kept.users):
                return False
            if kept is not None:
                self._end(environment.name)
        return True

    def close(self) -> None:
        """End all of them and whatever runs in them."""
        with self._lock:
            for name in list(self._kept):
                self._end(name)

    @contextlib.contextmanager
    def _if_free(self) -> Iterator[bool]:
        """Hold the lock and say so, unless somebody else does: upkeep has leases to renew and must not wait."""
        free = self._lock.acquire(blocking=False)
        try:
            yield free
        finally:
            if free:
                self._lock.release()

    def _alive(self, environment: Path, box: Box) -> _Kept:
        kept = self._kept.get(environment.name)
        if kept is not None and kept.place.parent.is_alive:
            return kept
        if kept is not None:
            self._end(environment.name)
        if not environment.is_dir():
            raise NotIsolated(f"The environment {environment.name} is not there. It has to be built again.")
        self._kept[environment.name] = _Kept(place=self._start(environment, box))
        return self._kept[environment.name]

    def _start(self, environment: Path, box: Box) -> Place:
        jobs_dir = self._jobs_dir / f"environment-{environment.name}"
        jobs_dir.mkdir(exist_ok=True)
        jobs_dir.chmod(0o755)
        try:
            parent = _started(box, interpreter_of(environment), jobs_dir=jobs_dir)
        except WarmParentError as problem:
            raise BrokenEnvironmentError(str(problem)) from problem
        return Place(parent=parent, jobs_dir=jobs_dir)

    def _end_longest_idle(self) -> None:
        idle = sorted((it.used_at, name) for name, it in self._kept.items() if not it.users)
        for _, name in idle[: max(0, len(idle) - _MOST_IDLE)]:
            self._end(name)

    def _end(self, name: str) -> None:
        self._kept.pop(name).place.parent.close()


def _started(box: Box, interpreter: Interpreter, *, jobs_dir: Path) -> WarmParent:
    """Start a warm parent and try its walls. Raises WarmParentError, BrokenEnvironmentError."""
    parent = WarmParent(box, jobs_dir=jobs_dir, interpreter=interpreter)
    if parent.ready.threads > 1:
        # As with the server's own packages: a fork of a process with threads can hang.
        parent.close()
        parent = WarmParent(box, jobs_dir=jobs_dir, interpreter=interpreter, preload=False)
    found = probe(parent, jobs_dir=jobs_dir)
    if found.level == "D":
        parent.close()
        raise BrokenEnvironmentError(found.summary)
    return parent
