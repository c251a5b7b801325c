"""Collect one run: its reply, what it prints, how it ended; stop it at its limits."""

import os
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.evaluation.outcome import Logs
from app.evaluation.warm_parent import Run
from app.rules.failures import FailureCode
from evaluation_runtime.protocol import HEADER_BYTES, REPLY_LIMIT, STARTED, Ending, decode_ending, frame_length

HEAD_BYTES = 768 * 1024
TAIL_BYTES = 256 * 1024
_CHUNK = 65_536
_CANCEL_SECONDS = 0.5
_DEATH_SECONDS = 5.0


class Capture:
    """Keeps the head and the tail of a stream, however long it gets."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    def add(self, data: bytes) -> None:
        """Take the next piece."""
        self.total += len(data)
        room = HEAD_BYTES - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        # Trimmed seldom, so that a flood of small pieces does not copy the tail each time.
        if len(self._tail) > 2 * TAIL_BYTES:
            del self._tail[:-TAIL_BYTES]

    def text(self) -> str:
        """Give what was kept, decoded, with a line that says how much is missing."""
        tail = self._tail[-TAIL_BYTES:]
        missing = self.total - len(self._head) - len(tail)
        gap = f"\n… {missing:,} bytes left out …\n".encode() if missing else b""
        return (
            (bytes(self._head) + gap + bytes(tail)).decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        )


class ReplyReader:
    """Takes a framed reply apart; never holds more than one reply's length."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._data = bytearray()
        self.is_foreign = False

    def add(self, data: bytes) -> None:
        """Take the next piece; after anything that the child side did not write, nothing counts any more."""
        if not self.is_foreign:
            self._data += data
        if len(self._data) >= HEADER_BYTES:
            length = frame_length(self._token, bytes(self._data[:HEADER_BYTES]))
            if length is None or length > REPLY_LIMIT or len(self._data) > HEADER_BYTES + length:
                self.is_foreign = True
                self._data.clear()

    @property
    def body(self) -> bytes | None:
        """Give the reply once it is whole."""
        if self.is_foreign or len(self._data) < HEADER_BYTES:
            return None
        length = frame_length(self._token, bytes(self._data[:HEADER_BYTES]))
        return bytes(self._data[HEADER_BYTES:]) if len(self._data) == HEADER_BYTES + (length or 0) else None


@dataclass(kw_only=True)
class Collected:
    """What is known of a run. `ending` is None when the reply came first, or when the warm parent died."""

    reply: bytes | None = None
    is_foreign: bool = False
    ending: Ending | None = None
    stopped: FailureCode | None = None
    is_lost: bool = False
    logs: Logs = field(default_factory=Logs)
    seconds: float = 0.0


class Collector:
    """One run being collected; `collect` blocks until it is over."""

    def __init__(
        self,
        run: Run,
        *,
        token: str,
        wall_seconds: float,
        output_bytes: int,
        on_start: Callable[[], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._run = run
        self._wall_seconds, self._output_bytes = wall_seconds, output_bytes
        self._on_start, self._cancelled = on_start, cancelled
        self._reply = ReplyReader(token)
        self._streams = {run.stdout: Capture(), run.stderr: Capture()}
        self._poll = select.poll()
        for descriptor in (run.reply, run.stdout, run.stderr, run.channel.fileno()):
            self._poll.register(descriptor, select.POLLIN)
        self._started = time.monotonic()
        self._result = Collected()

    def collect(self) -> Collected:
        """Read until the reply is whole or the child has ended; the answer comes first, its end later."""
        result = self._result
        while result.reply is None and result.ending is None and not result.is_lost:
            for descriptor, _ in self._poll.poll(self._patience() * 1000):
                self._read(descriptor)
            if result.stopped is None:
                result.reply = self._reply.body
                self._look_at_limits()
            elif time.monotonic() > self._deadline:
                break
        self._drain()
        if result.stopped is None and result.reply is None:
            result.reply = self._reply.body
        result.is_foreign = self._reply.is_foreign
        result.seconds = time.monotonic() - self._started
        result.logs = Logs(stdout=self._streams[self._run.stdout].text(), stderr=self._streams[self._run.stderr].text())
        return result

    def _patience(self) -> float:
        now = time.monotonic()
        if self._result.stopped is not None:
            return max(0.0, self._deadline - now)
        left = max(0.0, self._started + self._wall_seconds - now)
        return min(left, _CANCEL_SECONDS) if self._cancelled is not None else left

    def _look_at_limits(self) -> None:
        if self._result.reply is not None or self._result.ending is not None:
            return
        if time.monotonic() - self._started >= self._wall_seconds:
            self._stop(FailureCode.TIME)
        elif sum(stream.total for stream in self._streams.values()) > self._output_bytes:
            self._stop(FailureCode.OUTPUT)
        elif self._cancelled is not None and self._cancelled():
            self._stop(FailureCode.CANCELLED)

    def _stop(self, code: FailureCode) -> None:
        self._result.stopped = code
        self._deadline = time.monotonic() + _DEATH_SECONDS
        # The warm parent takes an end of file as "kill"; its own word about the end still comes back.
        self._run.channel.shutdown(socket.SHUT_WR)

    def _read(self, descriptor: int) -> bool:
        """Read one piece; False when there is none to be had now."""
        if descriptor == self._run.channel.fileno():
            return self._hear()
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self._poll.unregister(descriptor)
            return False
        (self._reply if descriptor == self._run.reply else self._streams[descriptor]).add(data)
        return True

    def _hear(self) -> bool:
        message = self._run.channel.recv(_CHUNK)
        if message == STARTED:
            self._started = time.monotonic()
            if self._on_start is not None:
                self._on_start()
        elif message:
            self._result.ending = decode_ending(message)
        else:
            self._result.is_lost = self._result.ending is None
        return bool(message)

    def _drain(self) -> None:
        """Take what was printed before the reply; bounded, because a descendant may still be printing."""
        for descriptor in (self._run.reply, self._run.stdout, self._run.stderr):
            for _ in range(64):
                try:
                    data = os.read(descriptor, _CHUNK)
                except BlockingIOError:
                    break
                if not data:
                    break
                (self._reply if descriptor == self._run.reply else self._streams[descriptor]).add(data)
