"""Alembic's environment: our engine, our tables, and plain column types in the scripts, so that they never age."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.models.base import Base, Json, Moment


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as the types of the database they are."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Json):
        return "sa.JSON()"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def run() -> None:
    """Run the scripts against the database the application uses."""
    engine = current_app.extensions["migrate"].db.engine
    # nobody else changes anything meanwhile
    with engine.connect().execution_options(write=True, durable=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
