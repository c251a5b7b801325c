"""The queue: Huey with messages in JSON, and an SQLite storage that rings a bell instead of being polled.

Huey's own SQLite worker sleeps between looks, up to 10 s after a quiet time. Here a FIFO beside the queue file is the
bell: who enqueues writes one byte after the commit, and one byte wakes one worker, in under a millisecond. A message is
only a wake-up call (the submission row is the truth), so the file may be emptied or lost without harm.
"""

import json
import os
import select
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from huey import Huey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import MemoryStorage, RedisStorage, SqliteStorage

LOOK_AGAIN_MS = 1000


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
        super().__init__(name, **options)
        with suppress(FileExistsError):
            os.mkfifo(self._bell_path, 0o600)
        Path(self.filename).chmod(0o600)

    @property
    def _bell_path(self) -> str:
        return f"{self.filename}.bell"

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
        bell = self._open_bell()
        poll = select.poll()
        poll.register(bell, select.POLLIN)
        if poll.poll(LOOK_AGAIN_MS):
            with suppress(BlockingIOError):
                os.read(bell, 1)
        rung_for: bytes | None = super().dequeue()
        return rung_for


class BoundQueue(Huey):  # type: ignore[misc]  # huey ships no types
    """A Huey that is made bare at import, so that tasks can be declared, and given its storage by create_app."""

    def __init__(self) -> None:
        super().__init__("shiai", results=False, serializer=JsonSerializer(), storage_class=MemoryStorage)

    def bind(self, url: str) -> None:
        """Use the queue at `url`: sqlite:///path or redis://host:port/db."""
        if url.startswith("sqlite:///"):
            self.storage = DoorbellStorage(self.name, filename=url.removeprefix("sqlite:///"))
        else:
            self.storage = RedisStorage(self.name, url=url)
