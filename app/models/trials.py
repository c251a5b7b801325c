"""Trials: a version's script run by its host before anybody depends on it, off every board and quota."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Key
from app.models.versions import BundleVersion
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus


class Trial(Base):
    """One run of a version: a file scored for one phase, or only the script loaded where `codename` is None.

    It moves through the states of a submission and is no submission: no team, no number, no entries.
    """

    __tablename__ = "trial"
    __table_args__ = (
        Index("ix_trial_waiting", "status", "id"),
        Index("ix_trial_version", "version_id", "codename", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("bundle_version.id", ondelete="CASCADE"))
    # of the phase, as the version's configuration has it
    codename: Mapped[str | None]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]

    file_name: Mapped[str] = mapped_column(default="")
    file_key: Mapped[str | None] = mapped_column(Key)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    # whether the file came with the bundle rather than from the host's hand
    is_sample: Mapped[bool] = mapped_column(default=False)

    status: Mapped[SubmissionStatus] = mapped_column(default=SubmissionStatus.QUEUED)
    attempt: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    peak_bytes: Mapped[int | None] = mapped_column(BigInteger)

    failure: Mapped[FailureCode | None]
    failure_detail: Mapped[str | None]
    # what a participant would be told, where the script says something on purpose
    failure_message: Mapped[str | None]
    # [{"split": codename, "scores": {label: number}, "errors": {label: number}}]
    result: Mapped[list[Any]] = mapped_column(default=list)
    notes: Mapped[list[Any]] = mapped_column(default=list)
    submission_result: Mapped[str | None] = mapped_column(deferred=True)
    stdout: Mapped[str] = mapped_column(default="", deferred=True)
    stderr: Mapped[str] = mapped_column(default="", deferred=True)

    version: Mapped[BundleVersion] = relationship()
    asked_by: Mapped[Account] = relationship()

    @property
    def by_split(self) -> dict[str, dict[str, float]]:
        """The scores by codename of the dataset split."""
        return {it["split"]: it["scores"] for it in self.result}

    @property
    def passed(self) -> bool:
        """Whether the script loaded, or gave scores for the file."""
        return self.status is SubmissionStatus.FINISHED
