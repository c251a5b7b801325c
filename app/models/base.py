"""The ground all tables stand on: names for constraints, column types, aware UTC times."""

import enum
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, registry

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite has no zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone must not be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value


class Json(TypeDecorator[Any]):
    """Any JSON value; None is SQL NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True


class Base(DeclarativeBase):
    """The parent of every table."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            str: Text(),
            datetime: Moment(),
            dict[str, Any]: Json(),
            list[Any]: Json(),
            list[str]: Json(),
            enum.Enum: Enum(
                enum.Enum,
                native_enum=False,
                create_constraint=False,
                length=24,
                values_callable=lambda members: [member.value for member in members],
            ),
        },
    )


Key = String(64)
# SQLite's integers have 64 bits whatever they are called
Bytes = BigInteger().with_variant(Integer, "sqlite")


def table_of(model: type[Base]) -> Table:
    """Return a model's table: single writes on it skip the unit of work, which takes longer than they do."""
    return cast("Table", model.__table__)
