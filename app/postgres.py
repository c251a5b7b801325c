"""PostgreSQL used as the house is used to: writers queue for one lock, a page sees one moment, times are UTC.

Loaded only where the setting asks for it (docs/decisions/0029).
"""

from typing import Any

from psycopg import Connection as DriverConnection
from psycopg import IsolationLevel
from psycopg.abc import Buffer
from psycopg.types.string import StrDumper
from sqlalchemy import Connection, Engine, event

# waits as long as SQLite's busy_timeout; a process that is frozen must not hold everybody up for ever
SESSION = "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'"
# "shiai" in letters: what whoever writes holds until the end of the transaction
LOCK = int.from_bytes(b"shiai", "big")
QUEUE_UP = f"SELECT pg_advisory_xact_lock({LOCK})"
# a power cut may take it: the commit does not wait for the disk
QUEUE_UP_IN_HASTE = f"{QUEUE_UP}, set_config('synchronous_commit', 'off', true)"
INSTEAD_OF_NUL = "\N{REPLACEMENT CHARACTER}"


def teach(engine: Engine) -> None:
    """Let every connection of this engine be used so."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


class _Text(StrDumper):
    """Text for PostgreSQL, which takes no NUL; what a script prints or a browser sends may hold one."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", INSTEAD_OF_NUL) if "\0" in obj else obj)


def _on_connect(connection: "DriverConnection[Any]", _record: object) -> None:
    # outside a transaction, as a rollback would take the settings back
    connection.autocommit = True
    connection.execute(SESSION)
    connection.autocommit = False
    connection.adapters.register_dumper(str, _Text)


def _on_begin(connection: Connection) -> None:
    options, driver = connection.get_execution_options(), connection.connection.dbapi_connection
    if driver is None:
        raise RuntimeError("the connection has none of the driver's")
    if not options.get("write", False):
        # as SQLite's readers do
        driver.isolation_level = IsolationLevel.REPEATABLE_READ
        return
    # no snapshot from before the wait: what the writer ahead committed must be seen
    driver.isolation_level = IsolationLevel.READ_COMMITTED
    connection.exec_driver_sql(QUEUE_UP if options["durable"] else QUEUE_UP_IN_HASTE)
