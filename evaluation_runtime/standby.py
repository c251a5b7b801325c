"""A child that was forked before its job came: the fork and the warming up are paid while nobody waits.

It takes one job and ends with it, so no script meets what another one has left in memory.
"""

import array
import contextlib
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from evaluation_runtime import execute, libraries, namespaces
from evaluation_runtime.protocol import NO_REPLY, NO_WALLS, Boot, Request, decode_request
from evaluation_runtime.sandbox import Sandbox

_LINE = 3
_DESCRIPTORS = 4


@dataclass(frozen=True, kw_only=True)
class Standby:
    """The warm parent's end of a waiting child."""

    process: int
    line: socket.socket

    def hand_over(self, descriptors: tuple[int, ...], *, slot: int) -> bool:
        """Give it its job: request, reply, standard output and error; False when it has died, and was collected."""
        try:
            socket.send_fds(self.line, [str(slot).encode()], list(descriptors))
        except ConnectionError:
            self.dismiss()
            return False
        self.line.close()
        return True

    def dismiss(self) -> None:
        """End it."""
        self.line.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def fork(fork_process: Callable[[], int], sandbox: Sandbox, *, boot: Boot, rest_s: float) -> Standby:
    """Fork a child that gets ready, warms up after resting for so long, and waits for its job. Raises OSError."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        try:
            process = fork_process()
        except OSError:
            ours.close()
            raise
        if process == 0:
            _live(theirs.fileno(), sandbox, boot=boot, rest_s=rest_s)
    return Standby(process=process, line=ours)


def _live(line: int, sandbox: Sandbox, *, boot: Boot, rest_s: float) -> NoReturn:
    """Be the child: get ready, wait, put up the walls, work, end. Never returns, whatever happens."""
    try:
        os.dup2(line, _LINE, inheritable=False)
        os.closerange(_LINE + 1, 65_536)
        sandbox.get_ready()
        execute.reseed()
        if boot.preload:
            _warm_up(rest_s)
        slot, request = _wait_for_job()
        job = sandbox.enter(folder=request.folder, slot=slot, walls=request.walls)
        _settle(job, boxed=boot.boxed)
    except BaseException:  # noqa: BLE001 - nothing may run when a wall does not stand
        os.write(2, traceback.format_exc().encode(errors="replace"))
        os._exit(NO_WALLS)
    try:
        execute.run(request, job=job, reply=_LINE)
    except BaseException:  # noqa: BLE001 - without memory for a reply, say, the exit status has to tell
        os._exit(NO_REPLY)
    os._exit(0)


def _warm_up(rest_s: float) -> None:
    """Use the waiting time; who has a job already goes to work instead."""
    line = select.poll()
    line.register(_LINE, select.POLLIN)
    if line.poll(rest_s * 1000):
        return
    for _ in libraries.use():
        if line.poll(0):
            return
    libraries.touch_memory()


def _wait_for_job() -> tuple[int, Request]:
    """Wait for a job and put its descriptors where they belong; end when none comes any more."""
    line = socket.socket(fileno=_LINE)
    message, ancillary, _, _ = line.recvmsg(64, socket.CMSG_SPACE(_DESCRIPTORS * array.array("i").itemsize))
    line.detach()
    if not message:
        os._exit(0)
    received = array.array("i")
    for _, _, data in ancillary:
        received.frombytes(data[: len(data) - len(data) % received.itemsize])
    request, reply, stdout, stderr = received
    raw = os.pread(request, os.fstat(request).st_size, 0)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    # over the line: nothing more comes on it
    os.dup2(reply, _LINE, inheritable=False)
    os.closerange(_LINE + 1, 65_536)
    return int(message), decode_request(raw)


def _settle(job: str, *, boxed: bool) -> None:
    """Give the child an empty working folder; whatever a library wants to write goes there too."""
    work = f"{namespaces.SCRATCH if boxed else f'{job}/scratch'}/work"
    Path(work).mkdir(mode=0o700)
    os.chdir(work)
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "JOBLIB_TEMP_FOLDER", "MPLCONFIGDIR", "PWD"), work))
    # The warm parent may have asked already.
    tempfile.tempdir = None
    sys.argv = ["evaluate"]
