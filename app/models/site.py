"""The installation itself: what the admin chose, who did what, and which processes are alive."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base
from app.rules.states import HostingPolicy, SignUpPolicy


class Site(Base):
    """The one row of settings that an admin changes in the browser."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="Shiai")
    sign_up: Mapped[SignUpPolicy] = mapped_column(default=SignUpPolicy.INVITATION)
    sign_up_domains: Mapped[list[str]] = mapped_column(default=list)
    hosting: Mapped[HostingPolicy] = mapped_column(default=HostingPolicy.NAMED)
    visitors_may_read: Mapped[bool] = mapped_column(default=False)
    # for visitors and for people who chose none themselves
    timezone: Mapped[str | None]
    language: Mapped[str | None]
    set_up_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what to which thing, with the values before and after. Rows are only ever added."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    account: Mapped[Account | None] = relationship()


class WorkerBeat(Base):
    """A running worker: when it last said so, and how well it can wall evaluations off."""

    __tablename__ = "worker_beat"

    id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    isolation: Mapped[dict[str, Any]] = mapped_column(default=dict)
