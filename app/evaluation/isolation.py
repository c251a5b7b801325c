"""Which walls hold today: probed by a child that tries to get out, never assumed."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from select import POLLIN, poll
from typing import Literal

from app.evaluation import job as jobs
from app.evaluation.collecting import Collector
from app.evaluation.verdict import reply_kind, why_not
from app.evaluation.warm_parent import Run, WarmParent, WarmParentError
from evaluation_runtime.protocol import Kind, Reply, Request, Walls

Level = Literal["A", "B", "C", "D"]
Isolated = Literal["strict", "best"]

_PROBE_SECONDS = 30.0
_DEATH_MILLISECONDS = 5000
_MEBIBYTE = 1024 * 1024
_WALLS = Walls(
    memory_bytes=512 * _MEBIBYTE, processes=24, scratch_bytes=4 * _MEBIBYTE, shared_memory_bytes=4 * _MEBIBYTE
)

_TRIED_ANYWHERE = ("job_read_only", "other_processes", "landlock", "escape")
_NEEDED_ANYWHERE = ("runtime", "files", "environment", "network", "signals", "privileges", "system_calls", "memory")
_NEEDED_IN_A_BOX = (*_NEEDED_ANYWHERE, "job_read_only", "other_processes", "scratch", "processes", "end")
_NEEDED_BARE = (*_NEEDED_ANYWHERE, "job_read_only", "landlock", "end")
_ONLY_IN_A_BOX = {
    "scratch": "only single files have a limit without namespaces",
    "processes": "they are counted ten times a second and killed, not refused, without namespaces",
}


@dataclass(frozen=True, kw_only=True)
class Wall:
    """One wall by its name; `why` says what got through when it does not hold."""

    name: str
    holds: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Isolation:
    """What holds. A: as B, with control groups. B: namespaces. C: no namespaces. D: evaluate nothing."""

    level: Level
    walls: tuple[Wall, ...] = field(default=())
    summary: str


class NotIsolated(Exception):
    """Nothing is evaluated: the walls do not hold. The message says which, and what to do."""


def probe(parent: WarmParent, *, jobs_dir: Path) -> Isolation:
    """Let a child of this warm parent try every wall. Raises OSError."""
    findings = _findings(parent, jobs_dir=jobs_dir)
    walls = tuple(Wall(name=name, holds=why is None, why=why or "") for name, why in findings.items())
    boxed = parent.box.bwrap is not None
    needed = _NEEDED_IN_A_BOX if boxed else _NEEDED_BARE
    open_walls = [wall for wall in walls if wall.name in needed and not wall.holds]
    if open_walls or not all(name in findings for name in needed):
        reasons = "; ".join(f"{wall.name}: {wall.why}" for wall in open_walls) or "the probe did not answer"
        return Isolation(level="D", walls=walls, summary=f"{parent.box.name}: {reasons}")
    return Isolation(level="B" if boxed else "C", walls=walls, summary=_summary(parent))


def refused(reasons: list[str]) -> Isolation:
    """Say that nothing can be evaluated here, with every way that was tried."""
    tried = " | ".join(reasons) or "evaluations need Linux on x86_64 or aarch64"
    return Isolation(
        level="D",
        summary=(
            "Submissions are accepted and wait, but nothing is evaluated, because evaluation scripts cannot be "
            f"isolated on this machine. Tried: {tried}. In a container, allow user namespaces; on Ubuntu 23.10 or "
            "newer, allow them for bwrap by an AppArmor profile. SHIAI_ISOLATION=best accepts weaker walls."
        ),
    )


def _summary(parent: WarmParent) -> str:
    extra = f"Landlock {parent.ready.landlock}" if parent.ready.landlock else "no Landlock"
    calls = "a filter of system calls" if parent.ready.seccomp else "no filter of system calls"
    way = "in namespaces of their own" if parent.box.bwrap else "without namespaces"
    return f"Evaluations run {way} ({parent.box.name}), with {extra} and {calls}."


def _findings(parent: WarmParent, *, jobs_dir: Path) -> dict[str, str | None]:
    with _canary() as canary, _listener() as port, jobs.empty(jobs_dir=jobs_dir) as layout:
        token = os.urandom(16).hex()
        request = Request(
            kind=Kind.PROBE,
            folder=layout.folder,
            token=token,
            challenge_number=0,
            walls=_WALLS,
            trials=(*_TRIED_ANYWHERE, *(_NEEDED_IN_A_BOX if parent.box.bwrap else _NEEDED_BARE)),
            canaries=(canary, str(jobs_dir / layout.folder)),
            port=port,
        )
        try:
            run = parent.submit(request)
        except WarmParentError as problem:
            return {"runtime": str(problem)}
        try:
            collector = Collector(run, token=token, wall_seconds=_PROBE_SECONDS, output_bytes=_MEBIBYTE)
            collected = collector.collect()
            kind, answer = reply_kind(collected)
            if kind is not Reply.PROBED:
                why = why_not(collected).in_full
                return {"runtime": f"{why} {answer.get('detail', '')} {collected.logs.stderr[-1500:]}"}
            findings: dict[str, str | None] = answer["findings"]
            untried = {} if parent.box.bwrap else _ONLY_IN_A_BOX
            return {**findings, **untried, "end": _end(run)}
        finally:
            run.close()


def _end(run: Run) -> str | None:
    """The probe left a process that hides from process groups and holds standard output: it has to die too."""
    run.channel.shutdown(socket.SHUT_WR)
    waiting = poll()
    waiting.register(run.stdout, POLLIN)
    while waiting.poll(_DEATH_MILLISECONDS):
        if not os.read(run.stdout, 65_536):
            return None
    return "a process outlived the evaluation that had started it"


@contextmanager
def _canary() -> Iterator[str]:
    """A file that anybody on this machine may read."""
    with tempfile.NamedTemporaryFile(prefix="canary-") as file:
        file.write(b"canary")
        file.flush()
        Path(file.name).chmod(0o644)
        yield file.name


@contextmanager
def _listener() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
