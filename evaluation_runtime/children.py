"""The running children of the warm parent: launched, watched, killed whole, reaped."""

import contextlib
import os
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluation_runtime import execute, namespaces, watchdog
from evaluation_runtime.protocol import NO_REPLY, NO_WALLS, STARTED, Boot, Ending, Request, encode
from evaluation_runtime.sandbox import Sandbox

WATCH_SECONDS = 0.1
_SWEEPS = 100
_SWEEP_SECONDS = 0.001


@dataclass
class Child:
    """One running job. `exit` is a descriptor that becomes readable when its process has ended."""

    process: int
    exit: int
    channel: socket.socket
    slot: int
    memory_bytes: int
    most_processes: int
    peak_bytes: int = 0
    detail: str = ""
    hung_up: bool = False


@dataclass(frozen=True, kw_only=True)
class Descriptors:
    """What comes with a request, in this order on the wire: the job itself and where to answer."""

    channel: int
    request: int
    reply: int
    stdout: int
    stderr: int

    def all(self) -> tuple[int, ...]:
        """Give them in the order of the wire."""
        return (self.channel, self.request, self.reply, self.stdout, self.stderr)


class Children:
    """Every running child by its process number."""

    def __init__(self, *, sandbox: Sandbox, fork: Callable[[], int], boot: Boot) -> None:
        self._sandbox, self._fork, self._boot = sandbox, fork, boot
        self.running: dict[int, Child] = {}
        self._next_look = 0.0

    def launch(self, request: Request, descriptors: Descriptors) -> Child:
        """Fork a child for the request; this side's copies of its descriptors are closed. Raises OSError."""
        slot = self._free_slot()
        process = self._fork()
        if process == 0:
            self._become(request, descriptors, slot=slot)
        for descriptor in descriptors.all()[1:]:
            os.close(descriptor)
        child = Child(
            process=process,
            exit=os.pidfd_open(process),
            channel=socket.socket(fileno=descriptors.channel),
            slot=slot,
            memory_bytes=request.walls.memory_bytes,
            most_processes=request.walls.processes,
        )
        self.running[process] = child
        _tell(child, STARTED)
        return child

    def kill(self, child: Child, *, detail: str = "") -> None:
        """Kill the child and everything it started. In its own namespace its death is enough."""
        if detail and not child.detail:
            child.detail = detail
        if not self._boot.boxed:
            self._sweep(child.process)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.process, signal.SIGKILL)

    def kill_all(self) -> None:
        """Kill and reap everything, because nobody waits for it any more."""
        for child in list(self.running.values()):
            self.kill(child)
            self.reap(child)

    def reap(self, child: Child) -> None:
        """Collect an ended child and tell its worker how it ended."""
        _, status, spent = os.wait4(child.process, 0)
        del self.running[child.process]
        os.close(child.exit)
        if not self._boot.boxed:
            self._sweep_orphans()
        # Its own maximum counts what it shares with the warm parent; what the watchdog saw may be larger or smaller.
        peak = max(child.peak_bytes, spent.ru_maxrss * 1024)
        _tell(
            child,
            encode(Ending(status=status, peak_bytes=peak, killed_for_memory=bool(child.detail), detail=child.detail)),
        )
        child.channel.close()

    def watch(self) -> None:
        """Kill whatever uses more memory or processes than it may, and the largest when the machine runs short."""
        if not self.running or time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + WATCH_SECONDS
        used = watchdog.usage(list(self.running))
        for process, use in used.items():
            child = self.running[process]
            if use.resident > child.memory_bytes:
                self._weigh(child, use)
            else:
                child.peak_bytes = max(child.peak_bytes, use.resident)
            if len(use.processes) > child.most_processes + 1:
                self.kill(child, detail=f"It ran {len(use.processes)} processes; {child.most_processes} are allowed.")
        if watchdog.is_memory_short():
            largest = max(self.running.values(), key=lambda child: used[child.process].resident)
            self.kill(largest, detail="This machine had almost no memory left and this was its largest evaluation.")

    def _weigh(self, child: Child, use: watchdog.Usage) -> None:
        exact = watchdog.exact_bytes(use.processes)
        child.peak_bytes = max(child.peak_bytes, exact)
        if exact > child.memory_bytes:
            mebibytes = 1024 * 1024
            self.kill(
                child,
                detail=f"All its {len(use.processes)} processes together used {exact // mebibytes:,} MiB; "
                f"{child.memory_bytes // mebibytes:,} MiB are allowed.",
            )

    def _free_slot(self) -> int:
        taken = {child.slot for child in self.running.values()}
        return next(slot for slot in range(len(taken) + 1) if slot not in taken)

    def _become(self, request: Request, descriptors: Descriptors, *, slot: int) -> None:
        """Be the child: walls, work, end. Never returns, whatever happens."""
        try:
            os.dup2(descriptors.stdout, 1)
            os.dup2(descriptors.stderr, 2)
            reply = os.dup2(descriptors.reply, 3, inheritable=False)
            os.closerange(4, 65_536)
            job = self._sandbox.enter(folder=request.folder, slot=slot, walls=request.walls)
            _settle(job, boxed=self._boot.boxed)
        except BaseException:  # noqa: BLE001 - nothing may run when a wall does not stand
            os.write(2, traceback.format_exc().encode(errors="replace"))
            os._exit(NO_WALLS)
        try:
            execute.run(request, job=job, reply=reply)
        except BaseException:  # noqa: BLE001 - without memory for a reply, say, the exit status has to tell
            os._exit(NO_REPLY)
        os._exit(0)

    def _sweep(self, process: int) -> None:
        """Without a namespace of its own: stop the child, then kill below it until all is quiet."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
        for _ in range(_SWEEPS):
            below = [one for one in watchdog.usage([process])[process].processes if one != process]
            if not below or not _kill_all(below):
                return

    def _sweep_orphans(self) -> None:
        """What lost its parent has come to the warm parent: kill and reap it, and what comes after that."""
        own = os.getpid()
        for _ in range(_SWEEPS):
            trees = watchdog.usage([own, *self.running])
            keep = {own, *(process for root in self.running for process in trees[root].processes)}
            orphans = [process for process in trees[own].processes if process not in keep]
            if not orphans:
                return
            _kill_all(orphans)
            time.sleep(_SWEEP_SECONDS)


def _kill_all(processes: list[int]) -> bool:
    """Kill and reap what can be; say whether any of them still lived."""
    alive = False
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
            alive = True
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, os.WNOHANG)
    return alive


def _settle(job: str, *, boxed: bool) -> None:
    """Give the child an empty working folder; whatever a library wants to write goes there too."""
    work = f"{namespaces.SCRATCH if boxed else f'{job}/scratch'}/work"
    Path(work).mkdir(mode=0o700)
    os.chdir(work)
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "JOBLIB_TEMP_FOLDER", "MPLCONFIGDIR", "PWD"), work))
    # The warm parent may have asked already.
    tempfile.tempdir = None
    sys.argv = ["evaluate"]


def _tell(child: Child, message: bytes) -> None:
    # The worker may be gone or may have its answer already.
    with contextlib.suppress(OSError):
        child.channel.send(message)
