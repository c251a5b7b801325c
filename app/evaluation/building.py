"""Build an environment: a venv of its own, filled with wheels only, so that no code of a package runs meanwhile."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import IO

from packaging.utils import canonicalize_name

from app.evaluation.installer import PackageSource, commands, environment, without_secrets
from app.evaluation.nearest import Unavailable, unavailable
from app.rules.environments import BuildFailure

_LOOK_SECONDS = 0.5
_FLOOR_BYTES = 512 * 1024 * 1024
_WEIGH_SECONDS = 5.0
# The build has to end with the worker, which may be killed: the kernel sends this on (PR_SET_PDEATHSIG).
# It leaves processor and memory to evaluations and pages.
_DIES_WITH_US = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.nice(10); "
    "open('/proc/self/oom_score_adj', 'w').write('700'); os.execv(sys.argv[1], sys.argv[1:])"
)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to build: `requirements` one a line; `folder` is made anew, `log` is written from the start.

    `seconds` and `most_bytes` are limits of the whole build and of what it leaves on the disk.
    """

    folder: Path
    log: Path
    requirements: str
    source: PackageSource
    seconds: float
    most_bytes: int


@dataclass(frozen=True, kw_only=True)
class Built:
    """A finished environment: its size on disk, and its packages as canonical name to version."""

    size: int
    packages: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class NotBuilt:
    """Why there is no environment; its folder is gone, its log stays."""

    reason: BuildFailure
    detail: str = ""
    unavailable: tuple[Unavailable, ...] = field(default=())


class Interrupted(Exception):
    """The build was stopped because nobody wants it any more, or the worker ends."""


def build(order: Order, *, wanted: Callable[[], bool]) -> Built | NotBuilt:
    """Build an environment; `wanted` is asked about twice a second. Raises Interrupted, OSError."""
    if not order.source.is_known:
        return NotBuilt(reason=BuildFailure.NO_SOURCE)
    shutil.rmtree(order.folder, ignore_errors=True)
    try:
        with order.log.open("wb") as log:
            found = _build(order, log, wanted)
    except BaseException:
        shutil.rmtree(order.folder, ignore_errors=True)
        raise
    if isinstance(found, NotBuilt):
        shutil.rmtree(order.folder, ignore_errors=True)
    return found


def packages_folder(environment_folder: Path) -> Path:
    """Return where the packages of an environment lie."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return environment_folder / "lib" / version / "site-packages"


def _build(order: Order, log: IO[bytes], wanted: Callable[[], bool]) -> Built | NotBuilt:
    deadline = time.monotonic() + order.seconds
    # Without pip: scripts get the stand-in, and what is installed once never changes.
    venv.EnvBuilder(symlinks=True, with_pip=False).create(order.folder)
    (order.folder / "requirements.txt").write_text(f"{order.requirements}\n", encoding="utf-8")
    for command in commands(order.folder, source=order.source):
        if not wanted():
            raise Interrupted
        if time.monotonic() > deadline:
            return NotBuilt(reason=BuildFailure.TIME)
        _say(log, f"$ {without_secrets(' '.join(command), order.source)}\n")
        stopped = _run(command, order, log, deadline=deadline, wanted=wanted)
        if stopped is not None:
            return stopped
    found = metadata.distributions(path=[str(packages_folder(order.folder))])
    packages = {canonicalize_name(it.name): it.version for it in found if it.name}
    size = _open_to_readers(order.folder)
    if size > order.most_bytes:
        return _too_large(order, log)
    # A row that says "ready" must not outlive a power cut that its files do not.
    os.sync()
    _say(log, f"Built: {len(packages)} packages, {size:,} bytes.\n")
    return Built(size=size, packages=dict(sorted(packages.items())))


def _run(
    command: list[str], order: Order, log: IO[bytes], *, deadline: float, wanted: Callable[[], bool]
) -> NotBuilt | None:
    process = subprocess.Popen(  # noqa: S603 - our own program; what an administrator wrote is in a file it reads
        [sys.executable, "-I", "-c", _DIES_WITH_US, *command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environment(order.source, scratch=order.folder),
        cwd=order.folder,
        start_new_session=True,
    )
    try:
        stopped = _watch(process, order, deadline=deadline, wanted=wanted)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if stopped is BuildFailure.SIZE:
        return _too_large(order, log)
    if stopped is not None:
        return NotBuilt(reason=stopped)
    if process.returncode == 0:
        return None
    missing = unavailable(order.requirements, source=order.source, folder=order.folder, until=deadline)
    for it in missing:
        _say(log, f"{it.name}{it.asked} cannot be had; nearest: {it.nearest or 'nothing of that name'}\n")
    reason = BuildFailure.UNAVAILABLE if missing else BuildFailure.INSTALLER
    return NotBuilt(reason=reason, detail=f"exit status {process.returncode}", unavailable=missing)


def _watch(
    process: subprocess.Popen[bytes], order: Order, *, deadline: float, wanted: Callable[[], bool]
) -> BuildFailure | None:
    weighed = time.monotonic()
    while True:
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if not wanted():
                raise Interrupted from None
            if time.monotonic() > deadline:
                return BuildFailure.TIME
            if shutil.disk_usage(order.folder).free < _FLOOR_BYTES:
                return BuildFailure.SPACE
            if time.monotonic() - weighed > _WEIGH_SECONDS:
                if _weight(order.folder) > order.most_bytes:
                    return BuildFailure.SIZE
                weighed = time.monotonic()
        else:
            return None


def _too_large(order: Order, log: IO[bytes]) -> NotBuilt:
    _say(log, f"It takes more than {order.most_bytes:,} bytes.\n")
    return NotBuilt(reason=BuildFailure.SIZE)


def _weight(folder: Path) -> int:
    """Add up what lies in a folder in which somebody works meanwhile, in bytes."""
    size = 0
    for place, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(FileNotFoundError):
                size += Path(place, name).lstat().st_size
    return size


def _open_to_readers(folder: Path) -> int:
    """Let children of another user read everything, and return the size of it all in bytes."""
    size = 0
    for place, folders, files in os.walk(folder):
        Path(place).chmod(0o755)
        for name in (*folders, *files):
            path = Path(place, name)
            if path.is_symlink():
                continue
            found = path.stat()
            size += found.st_size
            path.chmod(0o755 if path.is_dir() or found.st_mode & 0o100 else 0o644)
    return size


def _say(log: IO[bytes], text: str) -> None:
    log.write(text.encode())
    log.flush()
