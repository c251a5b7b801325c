"""The queue: Huey with messages in JSON, and an SQLite storage that rings a bell instead of being polled.

Huey's own SQLite worker sleeps between looks, up to 10 s after a quiet time. Here a FIFO beside the queue file is the
bell: who enqueues writes one byte after the commit, and one byte wakes one worker, in under a millisecond. A message is
only a wake-up call (the submission row is the truth), so the file may be emptied, lost or spoilt without harm: whoever
finds it so begins a new one.
"""

import json
import logging
import os
import select
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from huey import Huey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import MemoryStorage, RedisStorage, SqliteStorage
from redis import ConnectionPool
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

LOOK_AGAIN_MS = 1000
# a Redis that does not answer must not hold up whoever has just sent a file; longer than a worker waits for a message
REDIS_S = 3.0
# the disk, the queue's file, or Redis
NOT_THERE = (OSError, sqlite3.Error, RedisError)
SPOILT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey ships no types
    """Messages as JSON, so that who can write the queue file cannot run code in the worker (pickle could)."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(bytes(data)))


class DoorbellStorage(SqliteStorage):  # type: ignore[misc]  # huey ships no types
    """Huey's SQLite storage with a FIFO that wakes a worker as soon as a message is committed."""

    # the worker asks again at once instead of sleeping: dequeue() itself waits for the bell
    blocking = True

    def __init__(self, name: str = "huey", **options: Any) -> None:
        self._bell: int | None = None
        self._bell_owner = 0
        self._file: tuple[int, int] | None = None
        self._renewing = threading.Lock()
        super().__init__(name, **options)
        self._hang_bell()

    @property
    def _bell_path(self) -> str:
        return f"{self.filename}.bell"

    def initialize_schema(self) -> None:
        """Make the tables where there are none; what stands in their place and is no queue makes room for them."""
        try:
            super().initialize_schema()
        except sqlite3.DatabaseError as problem:
            if _code(problem) not in SPOILT:
                raise
            self.close()
            self._remove()
            super().initialize_schema()
        Path(self.filename).chmod(0o600)
        self._file = _identity(self.filename)

    def _hang_bell(self) -> None:
        with suppress(FileExistsError):
            os.mkfifo(self._bell_path, 0o600)

    def _remove(self) -> None:
        for part in ("", "-wal", "-shm"):
            Path(f"{self.filename}{part}").unlink(missing_ok=True)

    @contextmanager
    def db(self, **how: bool) -> Iterator[sqlite3.Cursor]:
        """Give a cursor, on a file that is there: other processes open the one of this name, not the one we hold."""
        lasts = not how.get("close", False)
        if lasts and _identity(self.filename) != self._file:
            self._begin_anew(self._file)
        try:
            with super().db(**how) as cursor:
                yield cursor
        except sqlite3.DatabaseError as problem:
            # the call at hand fails, which upkeep makes good; the next one finds a queue
            if lasts and _code(problem) in SPOILT:
                self._remove()
            raise

    def _begin_anew(self, known: tuple[int, int] | None) -> None:
        with self._renewing:
            # only one of our threads: the others find it done
            if self._file == known:
                self.close()
                self.initialize_schema()
                self._hang_bell()
                # not closed: a thread may be waiting for it
                self._bell = None

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        # a message is a hint, so a power cut may take the last one; FULL costs five times as much
        connection.execute("pragma synchronous=normal")
        return connection

    def _open_bell(self) -> int:
        if self._bell is None or self._bell_owner != os.getpid():
            # read and write, so that neither side blocks or gets SIGPIPE while the other is not there
            self._bell = os.open(self._bell_path, os.O_RDWR | os.O_NONBLOCK)
            self._bell_owner = os.getpid()
        return self._bell

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Store a message, then wake one worker."""
        super().enqueue(data, priority)
        # 64 KiB of unread rings: everybody is busy and will look again anyway
        with suppress(BlockingIOError):
            os.write(self._open_bell(), b".")

    def dequeue(self) -> bytes | None:
        """Return the next message, waiting up to a second for the bell."""
        waiting: bytes | None = super().dequeue()
        return waiting if waiting is not None else self._after_bell()

    def _after_bell(self) -> bytes | None:
        self._wait_for_ring()
        rung_for: bytes | None = super().dequeue()
        return rung_for

    def _wait_for_ring(self) -> None:
        """Return when it has rung for this thread, at the latest after a second.

        Every thread that waits hears each ring. Only the one that gets the byte looks: the others would meet it at the
        queue's lock, and cost it 2 ms between a submission and its start.
        """
        bell = self._open_bell()
        poll = select.poll()
        poll.register(bell, select.POLLIN)
        until = time.monotonic() + LOOK_AGAIN_MS / 1000
        while (left := until - time.monotonic()) > 0 and poll.poll(left * 1000):
            with suppress(BlockingIOError):
                os.read(bell, 1)
                return


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _code(problem: sqlite3.Error) -> int:
    # the lowest byte says what happened, the others where
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF


class BoundQueue(Huey):  # type: ignore[misc]  # huey ships no types
    """A Huey that is made bare at import, so that tasks can be declared, and given its storage by create_app."""

    def __init__(self) -> None:
        super().__init__("shiai", results=False, serializer=JsonSerializer(), storage_class=MemoryStorage)
        # does what a ring would bring about, no harm where nothing waits; not as a task, for which Huey asks the queue
        self.unrung: Callable[[], None] | None = None
        self._is_away = False

    def dequeue(self) -> Any:
        """Return the next task; while the queue cannot be read, None, once what waits has been done without a ring."""
        try:
            found = super().dequeue()
        except NOT_THERE as problem:
            if not self._is_away:
                log.warning("the queue cannot be read; work is looked for every second: %s", problem)
            self._is_away = True
            time.sleep(LOOK_AGAIN_MS / 1000)
            if self.unrung is not None:
                self.unrung()
            return None
        if self._is_away:
            log.warning("the queue can be read again")
            self._is_away = False
        return found

    def ring(self, task: Callable[[], object]) -> None:
        """Enqueue a task that looks for what waits; if the queue cannot be written, upkeep looks in its place."""
        try:
            task()
        except NOT_THERE as problem:
            log.warning("the queue could not be written; upkeep will find what waits: %s", problem)

    def bind(self, url: str) -> None:
        """Use the queue at `url`: sqlite:///path or redis://host:port/db."""
        if url.startswith("sqlite:///"):
            self.storage = DoorbellStorage(self.name, filename=unquote(url.removeprefix("sqlite:///")))
        else:
            pool = ConnectionPool.from_url(url, socket_connect_timeout=REDIS_S, socket_timeout=REDIS_S)
            self.storage = RedisStorage(self.name, connection_pool=pool)
