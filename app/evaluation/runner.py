"""The evaluator: one warm parent, shared by the worker's threads, started again when it dies."""

import errno
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.evaluation import job as jobs
from app.evaluation.box import Box, candidates
from app.evaluation.collecting import Collected, Collector
from app.evaluation.isolation import Isolated, Isolation, NotIsolated, probe, refused
from app.evaluation.job import Job, Limits
from app.evaluation.outcome import Expected, Failed, Outcome
from app.evaluation.parents import BrokenEnvironmentError, EnvironmentParents, Place
from app.evaluation.verdict import failed, judge, reply_kind, why_not
from app.evaluation.warm_parent import WarmParent, WarmParentError
from app.rules.errors import N_
from app.rules.failures import FailureCode
from app.rules.sentences import sentence
from evaluation_runtime.protocol import Kind, Reply, Request, Walls

_CHECK_LIMITS = Limits(wall_seconds=120)
_UNKNOWN = Isolation(level="D", summary="The walls around evaluations have not been probed yet.")


class Evaluator:
    """Runs challenges' evaluation scripts behind walls. Thread-safe; `evaluate` blocks its thread.

    `jobs_dir` belongs to this evaluator alone and has to be on the file system of the files it is given,
    or they are copied. `isolation` "strict" accepts namespaces only, "best" also Landlock without them.
    """

    def __init__(self, *, jobs_dir: Path, isolation: Isolated = "strict") -> None:
        self._jobs_dir = jobs_dir.resolve()
        self._wanted = isolation
        self._lock = threading.Lock()
        self._parent: WarmParent | None = None
        self._way: tuple[Box, bool] | None = None
        self._environments = EnvironmentParents(self._jobs_dir)
        self.isolation = _UNKNOWN

    def start(self) -> Isolation:
        """Start the warm parent in the best box whose walls hold now. Raises OSError without a jobs folder."""
        with self._lock:
            self._stop()
            self._jobs_dir.mkdir(parents=True, exist_ok=True)
            jobs.sweep(self._jobs_dir)
            reasons: list[str] = []
            for box in candidates():
                if box.bwrap is None and self._wanted == "strict":
                    reasons.append("without namespaces: the setting for isolation is 'strict'")
                    continue
                found = self._try(box)
                if found.level != "D":
                    self.isolation = found
                    return found
                reasons.append(found.summary)
            self.isolation = refused(reasons)
            return self.isolation

    def evaluate(
        self,
        job: Job,
        *,
        expected: Expected,
        on_start: Callable[[], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Outcome:
        """Run a job to its outcome. Raises NotIsolated when the walls do not hold: leave the submission queued."""
        self._check_walls()
        try:
            with self._place(job.environment) as place, jobs.laid_out(job, jobs_dir=place.jobs_dir) as layout:
                request = Request(
                    kind=Kind.EVALUATE,
                    folder=layout.folder,
                    token=secrets.token_hex(16),
                    challenge_number=job.challenge_number,
                    walls=_walls(job.limits),
                    annotation=layout.annotation,
                    submission=layout.submission,
                    phase_codename=job.phase_codename,
                    submission_metadata=job.submission_metadata,
                )
                collected = _run(place, request, limits=job.limits, on_start=on_start, cancelled=cancelled)
        except BrokenEnvironmentError as problem:
            return _broken(problem)
        except (OSError, ValueError, WarmParentError) as problem:
            _wait_for_room(problem)
            return _not_started(N_("The job could not be started: %(problem)s."), problem)
        return judge(collected, expected=expected)

    def check_script(
        self, package: Path, *, challenge_number: int = 0, environment: Path | None = None
    ) -> Failed | None:
        """Load a script folder without calling it; None when it has an evaluate() that can be called.

        Raises NotIsolated, as loading runs the script's code.
        """
        self._check_walls()
        try:
            with (
                self._place(environment) as place,
                jobs.package_laid_out(package, challenge_number=challenge_number, jobs_dir=place.jobs_dir) as laid_out,
            ):
                request = Request(
                    kind=Kind.CHECK,
                    folder=laid_out.folder,
                    token=secrets.token_hex(16),
                    challenge_number=challenge_number,
                    walls=_walls(_CHECK_LIMITS),
                )
                collected = _run(place, request, limits=_CHECK_LIMITS)
        except BrokenEnvironmentError as problem:
            return _broken(problem)
        except (OSError, WarmParentError) as problem:
            _wait_for_room(problem)
            return _not_started(N_("The script could not be checked: %(problem)s."), problem)
        kind, _ = reply_kind(collected)
        if kind is Reply.SOUND:
            return None
        if collected.reply is None or collected.stopped is not None:
            return why_not(collected)
        outcome = judge(collected, expected=Expected(splits=()))
        return outcome if isinstance(outcome, Failed) else failed(FailureCode.SCRIPT, None, collected=collected)

    def close(self) -> None:
        """End the warm parent and whatever runs in it."""
        with self._lock:
            self._stop()
            self.isolation = _UNKNOWN

    def end_idle(self) -> None:
        """End the warm parents of environments that nobody has used for a while."""
        self._environments.end_idle()

    def release(self, environment: Path) -> bool:
        """Let go of an environment, so that its folder can be deleted or made anew; False while a job uses it."""
        return self._environments.release(environment)

    @contextmanager
    def _place(self, environment: Path | None) -> Iterator[Place]:
        """Give where a job of this environment runs. Raises NotIsolated, WarmParentError, BrokenEnvironmentError."""
        if environment is None:
            yield Place(parent=self._alive(), jobs_dir=self._jobs_dir)
        elif self._way is None:
            raise NotIsolated(self.isolation.summary)
        else:
            with self._environments.using(environment, box=self._way[0]) as place:
                yield place

    def _alive(self) -> WarmParent:
        """Give the warm parent, a new one if the last has died. Raises NotIsolated, WarmParentError."""
        with self._lock:
            if self._way is None:
                raise NotIsolated(self.isolation.summary)
            if self._parent is None or not self._parent.is_alive:
                self._stop_parent()
                box, preload = self._way
                self._parent = WarmParent(box, jobs_dir=self._jobs_dir, preload=preload)
            return self._parent

    def _check_walls(self) -> None:
        if self._way is None or self.isolation.level == "D":
            raise NotIsolated(self.isolation.summary)

    def _try(self, box: Box) -> Isolation:
        preload = True
        try:
            parent = WarmParent(box, jobs_dir=self._jobs_dir)
            if parent.ready.threads > 1:
                # Forking a process with threads can hang: better a slow start in each child than that.
                parent.close()
                preload = False
                parent = WarmParent(box, jobs_dir=self._jobs_dir, preload=False)
        except WarmParentError as problem:
            return Isolation(level="D", summary=f"{box.name}: {problem}")
        found = probe(parent, jobs_dir=self._jobs_dir)
        if found.level == "D":
            parent.close()
        else:
            self._parent, self._way = parent, (box, preload)
        return found

    def _stop(self) -> None:
        self._stop_parent()
        self._environments.close()
        self._way = None

    def _stop_parent(self) -> None:
        if self._parent is not None:
            self._parent.close()
            self._parent = None


def _walls(limits: Limits) -> Walls:
    return Walls(memory_bytes=limits.memory_bytes, processes=limits.processes, scratch_bytes=limits.scratch_bytes)


def _not_started(message: str, problem: Exception) -> Failed:
    return Failed(code=FailureCode.OURS, explanation=sentence(message, problem=str(problem)))


def _wait_for_room(problem: Exception) -> None:
    """Raise NotIsolated where a full disk is what is wrong: what cannot be laid out now can be later."""
    if isinstance(problem, OSError) and problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        raise NotIsolated(f"There is no room on the disk for an evaluation: {problem}.") from problem


def _broken(problem: Exception) -> Failed:
    said = sentence(N_("The environment of this version does not start: %(problem)s."), problem=str(problem))
    return Failed(code=FailureCode.ENVIRONMENT, explanation=said)


def _run(
    place: Place,
    request: Request,
    *,
    limits: Limits,
    on_start: Callable[[], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Collected:
    run = place.parent.submit(request)
    try:
        return Collector(
            run,
            token=request.token,
            wall_seconds=limits.wall_seconds,
            output_bytes=limits.output_bytes,
            on_start=on_start,
            cancelled=cancelled,
        ).collect()
    finally:
        run.close()
