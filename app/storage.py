"""Files on disk: streamed in, hashed on the way, kept under opaque names that never change content."""

import hashlib
import io
import os
import secrets
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

COPY_BYTES = 1024 * 1024
HEAD_BYTES = 16
PART_LIFETIME_S = 24 * 3600
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class StoredFile:
    """A file that is safely on disk: its opaque key, its size in bytes and its SHA-256 in hex."""

    key: str
    size: int
    sha256: str


class MissingFileError(FileNotFoundError):
    """A kept file is no longer on the disk, though a row names it: the data directory lost it."""


class IncomingFile(io.RawIOBase):
    """A file being received: written once, then hashed and readable, gone unless it is kept."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.size = 0
        # how it begins, which tells kinds of files apart
        self.head = b""
        # its hash and its way to the disk, once nothing more is written
        self._ending: tuple[Future[str], Future[None]] | None = None
        self._file = path.open("w+b")
        # the folders above keep others out; evaluations that run as another user read it by a link instead of a copy
        path.chmod(0o644)

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # narrower than any buffer
        """Append bytes."""
        if self.size < HEAD_BYTES:
            self.head += bytes(data[: HEAD_BYTES - self.size])
        written = self._file.write(data)
        self.size += written
        return written

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # narrower than any buffer
        return self._file.readinto(buffer)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    @property
    def sha256(self) -> str:
        """The hash of the whole file, in hex; nothing may be written any more."""
        return self.begin_flush()[0].result()

    def begin_flush(self) -> "tuple[Future[str], Future[None]]":
        """Begin to hash the bytes and to bring them to the disk, for who has other things to do meanwhile.

        Nothing may be written any more. To be called first by the thread that received the file.
        """
        if self._ending is None:
            self._file.flush()
            # hashing leaves the interpreter to the thread that goes on with the request
            self._ending = aside(self._hash), aside(lambda: os.fsync(self._file.fileno()))
        return self._ending

    def _hash(self) -> str:
        with self.path.open("rb", buffering=0) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def flush_to_disk(self) -> None:
        """Return only when the bytes would survive a power cut. Raises OSError."""
        self.begin_flush()[1].result()

    def discard(self) -> None:
        """Forget the file, unless it was kept already."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        if not self.closed:
            if self._ending is not None:
                # the number of its descriptor must not become another file's meanwhile
                for it in self._ending:
                    it.exception()
            self._file.close()
        super().close()


class Store:
    """The folder of kept files, made bare and bound to a data directory by create_app."""

    def __init__(self) -> None:
        self.root = Path()
        self.parts = Path()
        self.packages = Path()
        self.environments = Path()

    def bind(self, data_dir: Path) -> None:
        """Use this data directory."""
        self.root = data_dir / "store"
        self.parts = data_dir / "tmp"
        self.packages = data_dir / "packages"
        self.environments = data_dir / "environments"

    def incoming(self) -> IncomingFile:
        """Open a new file to receive bytes, on the same file system as the store."""
        return IncomingFile(self.parts / f"{secrets.token_hex(16)}.part")

    def keep(self, incoming: IncomingFile) -> StoredFile:
        """Make a received file permanent: flushed, renamed into place, and the folder flushed too."""
        key = secrets.token_hex(16)
        self._place(incoming, key)
        return StoredFile(key=key, size=incoming.size, sha256=incoming.sha256)

    def begin_keep(self, file: "IncomingFile | StoredFile") -> "Keeping":
        """Begin to make a received file permanent, for who has other things to do before it has to be.

        A file that is kept already is kept once more under a name of its own, so that either may be discarded.
        """
        key = secrets.token_hex(16)
        if isinstance(file, IncomingFile):
            file.begin_flush()
        placed = aside(lambda: self._place(file, key) if isinstance(file, IncomingFile) else self._link(file.key, key))
        return Keeping(self, StoredFile(key=key, size=file.size, sha256=file.sha256), placed)

    def _link(self, kept: str, key: str) -> None:
        target = self._target(key)
        # what lies in the store never changes, so two names may share the bytes
        target.hardlink_to(self.path(kept))
        _flush(target.parent)

    def _target(self, key: str) -> Path:
        target = self.path(key)
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            # a new folder is an entry of the one above, and as easily lost
            _flush(self.root)
        return target

    def _place(self, incoming: IncomingFile, key: str) -> None:
        target = self._target(key)
        incoming.flush_to_disk()
        # it is hashed by the name it has now
        incoming.begin_flush()[0].result()
        incoming.path.rename(target)
        _flush(target.parent)

    def keep_copy(self, source: Path) -> StoredFile:
        """Keep a copy of a file that lies elsewhere."""
        incoming = self.incoming()
        try:
            with source.open("rb") as file:
                shutil.copyfileobj(file, incoming, COPY_BYTES)
            return self.keep(incoming)
        finally:
            incoming.discard()

    def keep_package(self, folder: Path) -> str:
        """Keep a copy of an unpacked evaluation script and return its key."""
        key = secrets.token_hex(16)
        part = self.parts / f"{key}.part"
        shutil.copytree(folder, part)
        for path in (*part.rglob("*"), part):
            _flush(path)
        part.rename(self.package(key))
        _flush(self.packages)
        return key

    def path(self, key: str) -> Path:
        """Return where the file with this key lies."""
        return self.root / key[:2] / key

    def package(self, key: str) -> Path:
        """Return the folder of the unpacked evaluation script with this key."""
        return self.packages / key

    def environment(self, key: str) -> Path:
        """Return the folder of the environment with this key."""
        return self.environments / key

    def build_log(self, key: str) -> Path:
        """Return the file with the log of the environment's last build."""
        return self.environments / f"{key}.log"

    def discard_environment(self, key: str) -> None:
        """Delete a built environment and its log."""
        self.build_log(key).unlink(missing_ok=True)
        shutil.rmtree(self.environment(key), ignore_errors=True)

    def open(self, key: str) -> BinaryIO:
        """Open a kept file for reading. Raises MissingFileError."""
        try:
            return self.path(key).open("rb")
        except FileNotFoundError as problem:
            raise MissingFileError(*problem.args) from problem

    def discard(self, key: str) -> None:
        """Delete a kept file."""
        self.path(key).unlink(missing_ok=True)

    def discard_package(self, key: str) -> None:
        """Delete an unpacked evaluation script."""
        shutil.rmtree(self.package(key), ignore_errors=True)

    def free_bytes(self) -> int:
        """Return how much room is left on the disk."""
        return shutil.disk_usage(self.root).free

    def sweep_parts(self) -> int:
        """Delete what was being received more than a day ago, and return how many there were."""
        stale = [p for p in self.parts.iterdir() if p.stat().st_mtime < time.time() - PART_LIFETIME_S]
        for path in stale:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return len(stale)


class Keeping:
    """A received file on its way to its permanent place; `stored` says already what it will be."""

    def __init__(self, store: Store, stored: StoredFile, placed: "Future[None]") -> None:
        self._store = store
        self.stored = stored
        self._placed = placed

    def finish(self) -> None:
        """Return once the file would survive a power cut. Raises OSError."""
        self._placed.result()

    def undo(self) -> None:
        """Delete it again."""
        wait([self._placed])
        self._store.discard(self.stored.key)


# Threads that are there already: to start one takes longer than to hash a usual file. They take up work in the order in
# which it came, so that what waits for something else begins after it, and never waits for ever.
_disk = ThreadPoolExecutor(16, "disk")


def aside(work: Callable[[], Outcome]) -> "Future[Outcome]":
    """Do something that waits for the disk beside the thread that asks."""
    return _disk.submit(work)


def _flush(path: Path) -> None:
    """Return only when a file's bytes, or a folder's entries, would survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
