"""The running children of the warm parent: launched, watched, killed whole, reaped."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from evaluation_runtime import standby, watchdog
from evaluation_runtime.protocol import STARTED, Boot, Ending, Request, encode
from evaluation_runtime.sandbox import Sandbox
from evaluation_runtime.standby import Standby

WATCH_SECONDS = 0.1
_SWEEPS = 100
# One warms up after the other, for each takes a processor for some 40 ms.
_APART_S = 0.05
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
    """Every running child by its process number, and those that stand by for the next jobs, the oldest first."""

    def __init__(self, *, sandbox: Sandbox, fork: Callable[[], int], boot: Boot) -> None:
        self._sandbox, self._fork, self._boot = sandbox, fork, boot
        self.running: dict[int, Child] = {}
        self._standby: list[Standby] = []
        self._next_look = 0.0

    @property
    def are_enough(self) -> bool:
        """Whether as many stand by as shall."""
        return len(self._standby) >= self._boot.standing_by

    def prepare(self) -> None:
        """Fork one more child that takes a job to come, unless enough stand by already. Raises OSError."""
        if not self.are_enough:
            rest_s = len(self._standby) * _APART_S
            self._standby.append(standby.fork(self._fork, self._sandbox, boot=self._boot, rest_s=rest_s))

    def launch(self, request: Request, descriptors: Descriptors) -> Child:
        """Give the request to a child of its own; this side's copies of its descriptors are closed. Raises OSError."""
        slot = self._free_slot()
        process = self._hand_over(descriptors.all()[1:], slot=slot)
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

    def _hand_over(self, descriptors: tuple[int, ...], *, slot: int) -> int:
        """Give a job to the child that stands by, or to a new one if that has died meanwhile; return its process."""
        while True:
            if not self._standby:
                self.prepare()
            waiting = self._standby.pop(0)
            if waiting.hand_over(descriptors, slot=slot):
                return waiting.process

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
        while self._standby:
            self._standby.pop().dismiss()

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

    def _idle(self) -> list[int]:
        return [waiting.process for waiting in self._standby]

    def _free_slot(self) -> int:
        taken = {child.slot for child in self.running.values()}
        return next(slot for slot in range(len(taken) + 1) if slot not in taken)

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
            keep = {own, *self._idle(), *(process for root in self.running for process in trees[root].processes)}
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


def _tell(child: Child, message: bytes) -> None:
    # The worker may be gone or may have its answer already.
    with contextlib.suppress(OSError):
        child.channel.send(message)
