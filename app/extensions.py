"""The libraries the application stands on, made bare here and bound in create_app."""

import contextlib
from collections.abc import Iterator
from typing import Any, cast

from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session

from app.doorbell import BoundQueue
from app.models.base import Base
from app.storage import Store

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
htmx = Htmx()
queue = BoundQueue()
store = Store()


@contextlib.contextmanager
def writing(*, durable: bool = True) -> Iterator[Session]:
    """Run one write transaction: fresh reads under the write lock, committed at the end, undone on any error.

    `durable=False` is for what a power cut may take, as it would only be done again: it does not wait for the disk.

    What was loaded before is expired, so rows handed in are read again under the lock. Writers queue for the
    lock (app/engines.py): a read that turns into a write would otherwise fail or lose somebody else's update.
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
