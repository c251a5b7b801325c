"""A job: what is to be evaluated, and the folder that holds a copy of it while its child runs."""

import contextlib
import functools
import os
import queue
import shutil
import stat
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluation_runtime.protocol import ANNOTATION, COMPUTE, PACKAGE_PARENT, SUBMISSION

MEBIBYTE = 1024 * 1024
_READABLE_BY_ALL = stat.S_IROTH
_CLEAR_AFTER_S = 0.05


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one evaluation may use. `processes` counts threads too; `output_bytes` both streams together."""

    wall_seconds: float = 1800
    memory_bytes: int = 4096 * MEBIBYTE
    processes: int = 256
    scratch_bytes: int = 1024 * MEBIBYTE
    output_bytes: int = 256 * MEBIBYTE


@dataclass(frozen=True, kw_only=True)
class Job:
    """One call of a challenge's evaluate(). `key` names the run and its folder: letters, digits, '-' and '_'.

    `package` is the unpacked script folder; suffixes ('.csv') are what the files get to be called; `environment` is
    the folder of a built environment, None for this server's own packages.
    """

    key: str
    package: Path
    challenge_number: int
    submission: Path
    submission_suffix: str
    phase_codename: str
    annotation: Path | None = None
    annotation_suffix: str = ""
    environment: Path | None = None
    submission_metadata: dict[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where things lie in a job folder: its name below the jobs folder and the file names in it."""

    folder: str
    annotation: str | None = None
    submission: str | None = None


@contextlib.contextmanager
def laid_out(job: Job, *, jobs_dir: Path) -> Iterator[Layout]:
    """Lay a job's folder out, to be removed afterwards. Raises OSError, ValueError for an unusable key or suffix."""
    with _folder(job.key, jobs_dir=jobs_dir) as folder:
        _lay_package(job.package, folder=folder, challenge_number=job.challenge_number)
        annotation = None
        if job.annotation is not None:
            annotation = _lay_file(job.annotation, folder=folder / ANNOTATION, suffix=job.annotation_suffix)
        submission = _lay_file(job.submission, folder=folder / SUBMISSION, suffix=job.submission_suffix)
        yield Layout(folder=folder.name, annotation=annotation, submission=submission)


@contextlib.contextmanager
def package_laid_out(package: Path, *, challenge_number: int, jobs_dir: Path) -> Iterator[Layout]:
    """Lay out only a script folder, to look whether it loads. Raises OSError."""
    with _folder(f"check-{uuid.uuid4().hex}", jobs_dir=jobs_dir) as folder:
        _lay_package(package, folder=folder, challenge_number=challenge_number)
        yield Layout(folder=folder.name)


@contextlib.contextmanager
def empty(*, jobs_dir: Path) -> Iterator[Layout]:
    """Make a job folder with nothing in it, for a probe. Raises OSError."""
    with _folder(f"probe-{uuid.uuid4().hex}", jobs_dir=jobs_dir) as folder:
        yield Layout(folder=folder.name)


def sweep(jobs_dir: Path) -> None:
    """Remove every job folder: only when nothing runs."""
    for left_over in jobs_dir.iterdir():
        if left_over.is_dir() and not left_over.is_symlink():
            shutil.rmtree(left_over, ignore_errors=True)


@contextlib.contextmanager
def _folder(key: str, *, jobs_dir: Path) -> Iterator[Path]:
    if not key or not all(letter.isalnum() or letter in "-_" for letter in key):
        message = f"a job's key has to be letters, digits, '-' and '_': {key!r}"
        raise ValueError(message)
    folder = jobs_dir / key
    try:
        folder.mkdir()
    except FileExistsError:
        # What a killed worker left behind under this name is of no use any more.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    # Without namespaces this is the scratch space; in them, it has a file system of its own.
    (folder / "scratch").mkdir(mode=0o700)
    _open_to_all(folder)
    try:
        yield folder
    finally:
        _clear_aside(folder)


def _clear_aside(folder: Path) -> None:
    """Remove a folder without making a score wait for it, under another name: the next job may be called the same."""
    aside = folder.with_name(f"over-{uuid.uuid4().hex}")
    with contextlib.suppress(OSError):
        folder.rename(aside)
        _clearing().put(aside)


@functools.cache
def _clearing() -> "queue.SimpleQueue[Path]":
    """Return what one thread removes, each a moment after it came: just then its score is being recorded."""
    waiting: queue.SimpleQueue[Path] = queue.SimpleQueue()

    def clear() -> None:
        while True:
            folder = waiting.get()
            time.sleep(_CLEAR_AFTER_S)
            shutil.rmtree(folder, ignore_errors=True)

    threading.Thread(target=clear, name="clear", daemon=True).start()
    return waiting


def _lay_package(package: Path, *, folder: Path, challenge_number: int) -> None:
    target = folder / COMPUTE / PACKAGE_PARENT / f"challenge_{challenge_number}"
    for above in (target.parent.parent, target.parent):
        above.mkdir()
        _open_to_all(above)
    for place, folders, files in os.walk(package, onerror=_fail):
        here = f"{target}{place.removeprefix(str(package))}"
        os.mkdir(here)  # noqa: PTH102 - strings here and below: paths took half the time of a job's folder
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            _link_or_copy(f"{place}/{name}", f"{here}/{name}")
        _open_to_all(here)


def _fail(problem: OSError) -> None:
    # left to itself, os.walk takes a folder that is gone for an empty one
    raise problem


def _lay_file(source: Path, *, folder: Path, suffix: str) -> str:
    if "/" in suffix or "\0" in suffix:
        message = f"a file's suffix cannot be {suffix!r}"
        raise ValueError(message)
    folder.mkdir()
    _open_to_all(folder)
    name = f"{uuid.uuid4()}{suffix}"
    _link_or_copy(source, folder / name)
    return name


def _link_or_copy(source: str | Path, target: str | Path) -> None:
    """Give the child a file it can read and nobody can change through it: its view of the folder is read-only.

    A worker that is root gives its children other users, who cannot read 0600: those files are copied.
    """
    mode = os.lstat(source).st_mode
    if not stat.S_ISREG(mode):
        # A link or a device has no place in a package or a store; a child must not be led by one.
        return
    if os.geteuid() != 0 or mode & _READABLE_BY_ALL:
        with contextlib.suppress(OSError):
            os.link(source, target, follow_symlinks=False)
            return
    shutil.copyfile(source, target)
    Path(target).chmod(0o444)


def _open_to_all(folder: str | Path) -> None:
    # The jobs folder's parent is closed to other people on this machine; inside the box there are none.
    Path(folder).chmod(0o755)
