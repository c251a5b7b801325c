"""Hashing passwords: slow on purpose, so only two at a time and one more waiting, or every page would wait for them."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from werkzeug.security import check_password_hash, generate_password_hash

from app.rules.errors import N_, TooMany
from app.rules.passwords import LONGEST

METHOD = "scrypt:32768:8:3"
AT_ONCE = 2
WAITING = 1
PATIENCE_S = 10.0


@dataclass
class Gate:
    """Lets `AT_ONCE` hashes run and `WAITING` wait; whoever comes then is asked to come again.

    A web server has few threads. If all of them waited for hashes, a burst of sign-ins would stop every page.
    """

    _room: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE + WAITING))
    _running: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))

    @contextlib.contextmanager
    def pass_through(self) -> Iterator[None]:
        """Hold a place while hashing; TooMany when there is none."""
        if not self._room.acquire(blocking=False):
            raise _busy()
        try:
            if not self._running.acquire(timeout=PATIENCE_S):
                raise _busy()
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._room.release()

    def refuse_when_full(self) -> None:
        """Raise TooMany when nobody more could pass at this moment."""
        if not self._room.acquire(blocking=False):
            raise _busy()
        self._room.release()


_gate = Gate()


def refuse_when_busy() -> None:
    """Raise TooMany when the server is busy hashing: to be asked before anything is read or written for a sign-in."""
    _gate.refuse_when_full()


def hashed(password: str) -> str:
    """Return a password's hash with its method and salt; TooMany when the server is busy hashing."""
    with _gate.pass_through():
        return generate_password_hash(password, method=METHOD)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; with no hash it takes the same time and says no.

    TooMany when the server is busy hashing. What is longer than any password can be is refused unhashed.
    """
    if len(password) > LONGEST:
        return False
    with _gate.pass_through():
        return check_password_hash(password_hash or _nobodys_hash(METHOD), password) and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than new ones are."""
    return not password_hash.startswith(f"{METHOD}$")


@cache
def _nobodys_hash(method: str) -> str:
    return generate_password_hash("nobody has this password", method=method)


def _busy() -> TooMany:
    return TooMany(
        N_(
            "Many people are signing in at the moment, and your password was not checked yet. Try again in a few "
            "seconds."
        ),
        retry_after=3,
    )
