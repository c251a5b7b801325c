"""The worker's end of a warm parent: start it, hand it jobs, end it."""

import os
import socket
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.evaluation.box import Box, environment
from app.evaluation.interpreter import Interpreter, own_interpreter
from evaluation_runtime.protocol import Ready, Request, decode_ready, encode

_START_SECONDS = 60
_END_SECONDS = 5
_LOG_BYTES = 4000


class WarmParentError(Exception):
    """The warm parent cannot be started or has gone; the message says what it left in its log."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """The worker's ends of one job. Closing `channel` ends the job."""

    channel: socket.socket
    reply: int
    stdout: int
    stderr: int

    def close(self) -> None:
        """Close everything; what still runs is killed."""
        self.channel.close()
        for descriptor in (self.reply, self.stdout, self.stderr):
            os.close(descriptor)


class WarmParent:
    """One warm parent. Jobs may be handed to it from several threads at once."""

    def __init__(
        self, box: Box, *, jobs_dir: Path, preload: bool = True, interpreter: Interpreter | None = None
    ) -> None:
        """Start it and wait until it has loaded its libraries. Raises WarmParentError."""
        self.box = box
        self._interpreter = interpreter or own_interpreter()
        self._ended = threading.Event()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = box.command(self._interpreter, jobs_dir=jobs_dir, descriptor=theirs.fileno(), preload=preload)
        self._process: subprocess.Popen[bytes] | None = None
        # bubblewrap dies with the *thread* that started it, so that thread has to live as long: it waits.
        self._keeper = threading.Thread(target=self._keep, args=(command, theirs), name="warm-parent", daemon=True)
        self._keeper.start()
        self.ready = self._wait_until_ready()

    def _keep(self, command: list[str], theirs: socket.socket) -> None:
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - a fixed program with our own arguments
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=self._log,
                    stderr=self._log,
                    env=environment(self.box, self._interpreter),
                    cwd="/",
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
            self._process.wait()
        except OSError as problem:
            self._log.write(str(problem).encode())
        finally:
            self._ended.set()

    def _wait_until_ready(self) -> Ready:
        self._control.settimeout(_START_SECONDS)
        try:
            message = self._control.recv(65_536)
        except OSError as problem:
            message = b""
            self._log.write(str(problem).encode())
        if not message:
            self.close()
            raise WarmParentError(self.last_words)
        self._control.settimeout(None)
        return decode_ready(message)

    @property
    def is_alive(self) -> bool:
        """Say whether it can still take jobs."""
        return not self._ended.is_set()

    @property
    def last_words(self) -> str:
        """Give the end of what it wrote to its log."""
        if self._log.closed:
            return self._last_words
        size = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, size - _LOG_BYTES))
        return self._log.read().decode(errors="replace").strip() or "it ended without a word"

    def submit(self, request: Request) -> Run:
        """Hand over a job. Raises WarmParentError when nobody takes it, OSError without descriptors."""
        ours: list[int] = []
        theirs = [os.memfd_create("request", os.MFD_CLOEXEC)]
        channel, far_channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            for _ in range(3):
                reading, writing = os.pipe()
                ours.append(reading)
                theirs.append(writing)
            _write_all(theirs[0], encode(request))
            socket.send_fds(self._control, [b"job"], [far_channel.fileno(), *theirs])
        except OSError as problem:
            channel.close()
            for descriptor in ours:
                os.close(descriptor)
            if not self.is_alive or isinstance(problem, ConnectionError):
                raise WarmParentError(self.last_words) from problem
            raise
        finally:
            far_channel.close()
            for descriptor in theirs:
                os.close(descriptor)
        for descriptor in ours:
            os.set_blocking(descriptor, False)
        return Run(channel=channel, reply=ours[0], stdout=ours[1], stderr=ours[2])

    def close(self) -> None:
        """End it and everything in it; safe to call twice."""
        self._control.close()
        process = self._process
        if not self._ended.wait(_END_SECONDS) and process is not None:
            process.kill()
            self._ended.wait(_END_SECONDS)
        if not self._log.closed:
            self._last_words = self.last_words
            self._log.close()


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
