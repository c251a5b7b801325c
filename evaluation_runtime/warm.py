"""The warm parent: loads the libraries once, then forks one child per job. Single-threaded from start to end."""

import array
import gc
import io
import os
import select
import socket
import sys
import time
from pathlib import Path

from evaluation_runtime import foreign, libraries, linux, namespaces, sandbox
from evaluation_runtime.children import WATCH_SECONDS, Child, Children, Descriptors
from evaluation_runtime.protocol import Boot, Ending, Ready, decode_boot, decode_request, encode

_DESCRIPTORS = 5
# So long nothing has to happen before children are forked for the jobs to come, one right after the other: each takes a
# processor for some 7 ms, which are better left to whoever records a result. In a busy hour the children that run want
# every processor, and one that is forked for its job does without the warming up.
_QUIET_S = 0.02
_QUIET_BESIDE_OTHERS_S = 0.25


def main() -> None:
    """Serve until the worker's end of the control socket is closed; then everything in here dies with it."""
    started = time.perf_counter()
    boot = decode_boot(sys.argv[1])
    control = socket.socket(fileno=boot.descriptor)
    if boot.foreign and boot.boxed:
        foreign.step_down()
        foreign.let_in()
    if boot.preload:
        libraries.load(all_needed=not boot.foreign)
        for _ in libraries.use():
            pass
    walls = sandbox.prepare(boot)
    _prepare_process(boot)
    fork = namespaces.Processes().fork if boot.boxed else os.fork
    gc.collect()
    gc.freeze()
    ready = Ready(
        threads=sum(1 for _ in Path("/proc/self/task").iterdir()),
        landlock=walls.landlock_version,
        seccomp=walls.filter is not None,
        seconds=time.perf_counter() - started,
    )
    control.send(encode(ready))
    children = Children(sandbox=walls, fork=fork, boot=boot)
    # One takes the next job while another is still being warmed up after the last.
    for _ in range(boot.standing_by):
        children.prepare()
    _serve(control, children)
    # In a box its end would be enough; without one, what children have started has to be found.
    children.kill_all()


def _prepare_process(boot: Boot) -> None:
    # When memory runs out, evaluations go before web and worker.
    Path("/proc/self/oom_score_adj").write_text("500")
    if boot.boxed:
        namespaces.keep_mounts_private()
        # Once here: it takes a millisecond, which every child would else spend.
        linux.empty_bounding_set()
    else:
        linux.process_control(linux.PR_SET_CHILD_SUBREAPER, 1)
        linux.process_control(linux.PR_SET_DUMPABLE, 0)
    sys.dont_write_bytecode = True
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _serve(control: socket.socket, children: Children) -> None:
    happened = time.monotonic()
    while True:
        poll = select.poll()
        poll.register(control, select.POLLIN)
        exits = {child.exit: child for child in children.running.values()}
        channels = {child.channel.fileno(): child for child in children.running.values()}
        for descriptor in exits:
            poll.register(descriptor, select.POLLIN)
        for descriptor, child in channels.items():
            # A channel that is closed already would wake this loop again and again until the child is gone.
            if not child.hung_up:
                poll.register(descriptor, select.POLLIN)
        quiet_at = happened + (_QUIET_BESIDE_OTHERS_S if children.running else _QUIET_S)
        ready = {descriptor for descriptor, _ in poll.poll(_patience_ms(children, quiet_at))}
        for descriptor in ready & channels.keys():
            _hang_up(channels[descriptor], children)
        ended = ready & exits.keys()
        for descriptor in ended:
            children.reap(exits[descriptor])
        if control.fileno() in ready and not _take(control, children):
            return
        children.watch()
        if ready or (time.monotonic() >= quiet_at and not _prepared(children)):
            happened = time.monotonic()


def _prepared(children: Children) -> bool:
    """Have one more child stand by; False where it cannot be forked: after another pause, or when its job comes."""
    try:
        children.prepare()
    except OSError:
        return False
    return True


def _patience_ms(children: Children, quiet_at: float) -> float | None:
    """Return how long nothing has to be done but listen; None for as long as nothing comes."""
    waits = [WATCH_SECONDS] if children.running else []
    if not children.are_enough:
        # none once it is quiet: they are forked one right after the other
        waits.append(max(0.0, quiet_at - time.monotonic()))
    return min(waits) * 1000 if waits else None


def _hang_up(child: Child, children: Children) -> None:
    child.hung_up = True
    children.kill(child)


def _take(control: socket.socket, children: Children) -> bool:
    """Take one request from the worker; False when the worker has gone."""
    message, ancillary, _, _ = control.recvmsg(64, socket.CMSG_SPACE(_DESCRIPTORS * array.array("i").itemsize))
    if not message:
        return False
    received = array.array("i")
    for _, _, data in ancillary:
        received.frombytes(data[: len(data) - len(data) % received.itemsize])
    channel, request, reply, stdout, stderr = received
    descriptors = Descriptors(channel=channel, request=request, reply=reply, stdout=stdout, stderr=stderr)
    try:
        children.launch(decode_request(_read(request)), descriptors)
    except OSError as problem:
        with socket.socket(fileno=channel) as worker:
            worker.send(encode(Ending(status=-1, peak_bytes=0, detail=str(problem))))
        for descriptor in descriptors.all()[1:]:
            os.close(descriptor)
    return True


def _read(descriptor: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        file.seek(0)
        return file.read()
