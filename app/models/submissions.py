"""Submissions: the file, where it stands, every change of state, what came out, and the scores."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Bytes, Key
from app.models.challenges import Phase, PhaseSplit
from app.models.teams import Team
from app.models.versions import BundleVersion
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus


class Submission(Base):
    """A file sent to a phase. The row is the truth of where it stands; the queue only wakes a worker."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("phase_id", "team_id", "number"),
        Index("ix_submission_mine", "team_id", "phase_id", "id"),
        Index("ix_submission_waiting", "status", "id"),
        Index("ix_submission_person", "account_id", "phase_id"),
        Index("ix_submission_phase", "phase_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("bundle_version.id"))
    number: Mapped[int]
    # made by the page that held the form: the same form sent twice is one submission
    form_key: Mapped[str] = mapped_column(Key, unique=True)

    status: Mapped[SubmissionStatus] = mapped_column(default=SubmissionStatus.QUEUED)
    # counts on when it is evaluated again, so that a worker of old holds no number of today
    attempt: Mapped[int] = mapped_column(default=0)
    attempts_before: Mapped[int] = mapped_column(default=0, server_default="0")
    # while it is evaluated again: since when; its entries of before count until the new ones replace them
    rerun_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    lease_until: Mapped[datetime | None]

    file_name: Mapped[str]
    file_key: Mapped[str] = mapped_column(Key)
    size: Mapped[int] = mapped_column(Bytes)
    sha256: Mapped[str] = mapped_column(Key)

    method_name: Mapped[str] = mapped_column(default="")
    method_description: Mapped[str] = mapped_column(default="")
    project_url: Mapped[str] = mapped_column(default="")
    publication_url: Mapped[str] = mapped_column(default="")
    attributes: Mapped[list[Any]] = mapped_column(default=list)
    on_board: Mapped[bool] = mapped_column(default=False)
    is_baseline: Mapped[bool] = mapped_column(default=False)
    # came after the end: scored, never ranked
    is_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    # chosen by the team as one of its final picks
    picked_at: Mapped[datetime | None]
    # how boards call a baseline; empty: by its method, else by its team
    baseline_name: Mapped[str] = mapped_column(default="", server_default="")
    # the host looked at it and vouches for it
    is_verified: Mapped[bool] = mapped_column(default=False, server_default=false())
    # why the host took it out of every ranking; empty: it counts
    flag_reason: Mapped[str] = mapped_column(default="", server_default="")

    submitted_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    peak_bytes: Mapped[int | None] = mapped_column(Bytes)
    failure: Mapped[FailureCode | None]
    # a traceback or the like for the host; never shown to participants
    failure_detail: Mapped[str | None]
    # what the script said to the participant on purpose, by raising a ParticipantVisibleError
    failure_message: Mapped[str | None]
    # rules.sentences for the host: why it failed, what was left out or read otherwise; texts from older versions
    notes: Mapped[list[Any]] = mapped_column(default=list)

    phase: Mapped[Phase] = relationship()
    team: Mapped[Team] = relationship()
    account: Mapped[Account] = relationship()
    version: Mapped[BundleVersion] = relationship()
    moves: Mapped[list["SubmissionMove"]] = relationship(back_populates="submission", order_by="SubmissionMove.id")
    entries: Mapped[list["Entry"]] = relationship(back_populates="submission", order_by="Entry.phase_split_id")
    past: Mapped[list["PastOutcome"]] = relationship(back_populates="submission", order_by="PastOutcome.id.desc()")
    output: Mapped["SubmissionOutput | None"] = relationship(back_populates="submission")


class SubmissionMove(Base):
    """One change of state, with its time and its cause."""

    __tablename__ = "submission_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    status: Mapped[SubmissionStatus]
    cause: Mapped[str]
    # who did it, where somebody did, and what they wrote about it; the team reads that too
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None]

    submission: Mapped[Submission] = relationship(back_populates="moves")
    account: Mapped[Account | None] = relationship()


class SubmissionOutput(Base):
    """What an evaluation printed and returned beside its scores; apart, so that lists do not load it."""

    __tablename__ = "submission_output"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    stdout: Mapped[str] = mapped_column(default="")
    stderr: Mapped[str] = mapped_column(default="")
    result: Mapped[str | None]
    result_metadata: Mapped[str | None]

    submission: Mapped[Submission] = relationship(back_populates="output")


class Entry(Base):
    """The scores of one submission on one board: label -> number, as the script returned them."""

    __tablename__ = "entry"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    phase_split_id: Mapped[int] = mapped_column(
        ForeignKey("phase_split.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    scores: Mapped[dict[str, Any]]
    errors: Mapped[dict[str, Any]] = mapped_column(default=dict)

    submission: Mapped[Submission] = relationship(back_populates="entries")
    phase_split: Mapped[PhaseSplit] = relationship()

    def is_withheld(self, now: datetime) -> bool:
        """Whether these scores are kept even from their own team, because the board is hidden or frozen."""
        return self.phase_split.withholds(self.submission.completed_at, now)


class PastOutcome(Base):
    """What an earlier evaluation of a submission gave: kept when it is evaluated again, for ever readable.

    `scores` are [{"phase_split_id", "split", "scores", "errors"}]; the other columns mean what the submission's do.
    """

    __tablename__ = "past_outcome"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("bundle_version.id"))
    status: Mapped[SubmissionStatus]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    peak_bytes: Mapped[int | None] = mapped_column(Bytes)
    failure: Mapped[FailureCode | None]
    failure_detail: Mapped[str | None]
    failure_message: Mapped[str | None]
    notes: Mapped[list[Any]] = mapped_column(default=list)
    scores: Mapped[list[Any]] = mapped_column(default=list)
    stdout: Mapped[str] = mapped_column(default="")
    stderr: Mapped[str] = mapped_column(default="")
    result: Mapped[str | None]
    result_metadata: Mapped[str | None]

    submission: Mapped[Submission] = relationship(back_populates="past")
    version: Mapped[BundleVersion] = relationship()
