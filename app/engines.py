"""How each database is used, so that both keep the same promises: one writer at a time, a page drawn from one moment.

The embedded one here, PostgreSQL in a module that only its users load (docs/decisions/0003 and 0029).
"""

import importlib
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event, exc

# FULL: an accepted submission must survive a power cut (docs/decisions/0003)
PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",
    "foreign_keys=on",
    "busy_timeout=5000",
    "trusted_schema=off",
    "journal_size_limit=67108864",
    # 8 MB a connection: a page of a board among a million submissions lies on more pages than the usual 2 MB hold
    "cache_size=-8000",
)
# held by another process, or its disk or folder does not answer
_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


def options(url: str, *, threads: int) -> dict[str, Any]:
    """Return what an engine for this address is made with, in a process of so many threads that use it."""
    # beside the threads that answer or evaluate: the watch of the boards, upkeep, a build
    pool = {"pool_size": threads + 3}
    if url.startswith("sqlite"):
        return pool | {"connect_args": {"timeout": 5}}
    # a server that was started again has forgotten the connections; one that cannot be reached must not hold a page up
    return pool | {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}


def teach(engine: Engine) -> None:
    """Let every connection of this engine be used as its kind of database must be."""
    if is_sqlite(engine):
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    else:
        importlib.import_module("app.postgres").teach(engine)


def is_sqlite(engine: Engine) -> bool:
    """Whether the embedded database is in use."""
    return engine.dialect.name == "sqlite"


def is_full(error: BaseException | None) -> bool:
    """Whether the database found no room on its disk."""
    return _code(error) in {sqlite3.SQLITE_FULL, "53100"}


def is_away(error: BaseException | None) -> bool:
    """Whether the database cannot be reached or is held by somebody else just now; the same may work a moment later."""
    if isinstance(error, exc.DBAPIError) and isinstance(error.orig, sqlite3.Error):
        return _code(error) in _PASSING
    return isinstance(error, exc.OperationalError | exc.InterfaceError | exc.TimeoutError)


def in_a_line(error: Exception) -> str:
    """Return what the database's driver said, without the statement and what follows."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    return str(cause).partition("\n")[0].rstrip(".")


def _code(error: BaseException | None) -> int | str | None:
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code: int | None = getattr(cause, "sqlite_errorcode", None)
        # the lowest byte says what happened, the others where
        return None if code is None else code & 0xFF
    state: str | None = getattr(cause, "sqlstate", None)
    return state


def _on_connect(connection: Any, _record: object) -> None:
    # our own begin event decides how a transaction starts, not the driver
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("write", False):
        connection.exec_driver_sql("BEGIN")
        return
    # NORMAL keeps the file sound and the order of commits; only the last ones may be missing after a power cut
    connection.exec_driver_sql(f"pragma synchronous={'full' if options['durable'] else 'normal'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
