"""The libraries the application stands on, made bare here and bound in create_app."""

import contextlib
from collections.abc import Iterator
from typing import Any, cast

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy import Connection, CursorResult, Delete, Engine, Update, event
from sqlalchemy.orm import Session

from app.doorbell import BoundQueue
from app.models.base import Base
from app.storage import Store

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)
migrate = Migrate(render_as_batch=True, compare_type=False)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
htmx = Htmx()
queue = BoundQueue()
store = Store()

# FULL: an accepted submission must survive a power cut (docs/decisions/0003)
PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",
    "foreign_keys=on",
    "busy_timeout=5000",
    "trusted_schema=off",
    "journal_size_limit=67108864",
)


@contextlib.contextmanager
def writing(*, durable: bool = True) -> Iterator[Session]:
    """Run one write transaction: fresh reads under the write lock, committed at the end, undone on any error.

    `durable=False` is for what a power cut may take, as it would only be done again: it does not wait for the disk.

    What was loaded before is expired, so rows handed in are read again under the lock. On SQLite the transaction begins
    IMMEDIATE: a read that turns into a write would otherwise fail at once or lose somebody else's update.
    """
    db.session.rollback()
    db.session.connection(execution_options={"write": True, "durable": durable})
    try:
        yield db.session()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def changed(session: Session, statement: Update | Delete, values: dict[str, Any] | None = None) -> int:
    """Run an UPDATE or DELETE and return how many rows it changed: how the database settles who was first."""
    return cast("CursorResult[Any]", session.execute(statement, values)).rowcount


def bind_engine(app: Flask) -> None:
    """Teach the engine of this application how SQLite is to be used; other databases are left as they are."""
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _on_connect)
            event.listen(engine, "begin", _on_begin)


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


def is_sqlite(engine: Engine) -> bool:
    """Whether the embedded database is in use."""
    return engine.dialect.name == "sqlite"
