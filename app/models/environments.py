"""Environments: sets of packages that are built once and shared by every version that asks for the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Key
from app.rules.environments import BuildFailure, EnvironmentStatus


class Environment(Base):
    """One environment: what was asked for, where its build stands, and what came of it.

    `key` is made from the requirements and the Python version, and names its folder and its log.
    """

    __tablename__ = "environment"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Key, unique=True)
    # one normalised requirement a line
    requirements: Mapped[str]
    python: Mapped[str]
    status: Mapped[EnvironmentStatus] = mapped_column(default=EnvironmentStatus.WAITING)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    # when it was built for the first time: from then on scores depend on it
    built_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    # canonical name -> version
    packages: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failure: Mapped[BuildFailure | None]
    failure_detail: Mapped[str | None]
    # {"name", "asked", "nearest"} of every requirement that cannot be had
    unavailable: Mapped[list[Any]] = mapped_column(default=list)

    asked_by: Mapped[Account] = relationship()

    @property
    def is_usable(self) -> bool:
        """Whether scripts can be evaluated in it now."""
        return self.status is EnvironmentStatus.READY

    @property
    def is_being_built(self) -> bool:
        """Whether a build waits or runs; trials wait for it."""
        return not self.status.is_over

    @property
    def is_being_built_again(self) -> bool:
        """Whether scores were made in it that new ones are to be comparable with; submissions wait for it."""
        return self.is_being_built and self.built_at is not None
