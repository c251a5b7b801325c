"""Challenges: who runs them, their phases, dataset splits and leaderboards, and where these meet."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Bytes, Key
from app.models.taking_part import TakingPart
from app.rules.quotas import Limits
from app.rules.schedule import Season, season

if TYPE_CHECKING:
    from app.models.versions import BundleVersion


class Challenge(TakingPart, Base):
    """A competition. Its pages are kept as the host wrote them and sanitised when shown."""

    __tablename__ = "challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    short_description: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="", deferred=True, deferred_group="texts")
    evaluation_details: Mapped[str] = mapped_column(default="", deferred=True, deferred_group="texts")
    submission_guidelines: Mapped[str] = mapped_column(default="", deferred=True, deferred_group="texts")
    leaderboard_description: Mapped[str] = mapped_column(default="", deferred=True, deferred_group="texts")
    start_at: Mapped[datetime]
    is_published: Mapped[bool] = mapped_column(default=False)
    is_approved: Mapped[bool] = mapped_column(default=False)
    registration_open: Mapped[bool] = mapped_column(default=True)
    # where the days of its limits begin, as an IANA name; NULL: in the server's zone
    timezone: Mapped[str | None]
    # boards name teams by numbers drawn at random (Team.alias)
    has_anonymous_teams: Mapped[bool] = mapped_column(default=False, server_default=false())
    logo: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("bundle_version.id", use_alter=True))
    created_at: Mapped[datetime]

    version: Mapped["BundleVersion | None"] = relationship(foreign_keys=[version_id])
    versions: Mapped[list["BundleVersion"]] = relationship(
        back_populates="challenge", foreign_keys="BundleVersion.challenge_id", order_by="BundleVersion.number"
    )
    hosts: Mapped[list["ChallengeHost"]] = relationship(back_populates="challenge", order_by="ChallengeHost.account_id")
    phases: Mapped[list["Phase"]] = relationship(
        back_populates="challenge",
        order_by="Phase.position",
        primaryjoin="and_(Challenge.id == Phase.challenge_id, Phase.removed_at.is_(None))",
    )

    @property
    def is_live(self) -> bool:
        """Whether people who are neither host nor admin may know of it."""
        return self.is_approved and self.is_published

    def season(self, now: datetime) -> Season:
        """Where the challenge stands at `now`."""
        return season(self.start_at, self.end_at, now=now)


class ChallengeHost(Base):
    """A person who runs a challenge."""

    __tablename__ = "challenge_host"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)

    challenge: Mapped[Challenge] = relationship(back_populates="hosts")
    account: Mapped[Account] = relationship()


class Phase(Base):
    """A stage of a challenge with its own dates, limits and annotation.

    A version that no longer has the phase removes it: nothing lists it any more, its submissions and boards stay.
    """

    __tablename__ = "phase"
    __table_args__ = (UniqueConstraint("challenge_id", "codename"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    config_id: Mapped[str]
    position: Mapped[int]
    codename: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    is_public: Mapped[bool] = mapped_column(default=False)
    leaderboard_public: Mapped[bool] = mapped_column(default=False)
    is_submission_public: Mapped[bool] = mapped_column(default=False)
    is_restricted_to_select_one_submission: Mapped[bool] = mapped_column(default=False)
    is_submission_paused: Mapped[bool] = mapped_column(default=False)
    disable_logs: Mapped[bool] = mapped_column(default=False)
    # the host lets participants read what the script printed about their own files; disable_logs has the last word
    show_logs: Mapped[bool] = mapped_column(default=False, server_default=false())
    # how many submissions a team may pick for the final ranking; 0: its best counts
    final_picks: Mapped[int] = mapped_column(default=0, server_default="0")
    # takes files after its end too: scored, never ranked
    accepts_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    # the host may take less than the server would; NULL: as much as the server
    max_file_bytes: Mapped[int | None] = mapped_column(Bytes)
    max_submissions_per_day: Mapped[int]
    max_submissions_per_month: Mapped[int]
    max_submissions: Mapped[int]
    max_concurrent_submissions_allowed: Mapped[int]
    allowed_submission_file_types: Mapped[list[str]] = mapped_column(default=list)
    allowed_email_ids: Mapped[list[str]] = mapped_column(default=list)
    submission_meta_attributes: Mapped[list[Any]] = mapped_column(default=list)
    default_submission_meta_attributes: Mapped[list[Any]] = mapped_column(default=list)
    annotation_name: Mapped[str | None]
    annotation_key: Mapped[str | None] = mapped_column(Key)
    annotation_sha256: Mapped[str | None] = mapped_column(Key)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    removed_at: Mapped[datetime | None]

    challenge: Mapped[Challenge] = relationship(back_populates="phases")
    splits: Mapped[list["PhaseSplit"]] = relationship(
        back_populates="phase",
        order_by="PhaseSplit.position",
        primaryjoin="and_(Phase.id == PhaseSplit.phase_id, PhaseSplit.removed_at.is_(None))",
    )
    # removed ones too: what a submission was scored on before
    every_split: Mapped[list["PhaseSplit"]] = relationship(viewonly=True)

    @property
    def limits(self) -> Limits:
        """What it allows a team."""
        return Limits(
            per_day=self.max_submissions_per_day,
            per_month=self.max_submissions_per_month,
            total=self.max_submissions,
            concurrent=self.max_concurrent_submissions_allowed,
        )

    def season(self, now: datetime) -> Season:
        """Where the phase stands at `now`."""
        return season(self.start_at, self.end_at, now=now)


class DatasetSplit(Base):
    """A named part of the test data; the evaluation script returns scores under its codename."""

    __tablename__ = "dataset_split"
    __table_args__ = (UniqueConstraint("challenge_id", "codename"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    config_id: Mapped[str]
    name: Mapped[str]
    codename: Mapped[str]


class Leaderboard(Base):
    """The columns of a board: metric labels in order, which of them ranks, and what is known of each."""

    __tablename__ = "leaderboard"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    config_id: Mapped[str]
    labels: Mapped[list[str]]
    default_order_by: Mapped[str]
    # label -> {"sort_ascending": bool | null, "description": str}
    metrics: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PhaseSplit(Base):
    """Where a phase, a dataset split and a leaderboard meet: one board that people see."""

    __tablename__ = "phase_split"
    __table_args__ = (UniqueConstraint("phase_id", "dataset_split_id", "leaderboard_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id", ondelete="CASCADE"))
    dataset_split_id: Mapped[int] = mapped_column(ForeignKey("dataset_split.id", ondelete="CASCADE"))
    leaderboard_id: Mapped[int] = mapped_column(ForeignKey("leaderboard.id", ondelete="CASCADE"))
    position: Mapped[int]
    visibility: Mapped[int]
    decimals: Mapped[int]
    # label -> whether higher is better, decided once when the bundle is read (docs/bundles.md)
    descending: Mapped[dict[str, Any]]
    show_execution_time: Mapped[bool] = mapped_column(default=False)
    by_latest: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
    # about how much of the test data it is calculated on, 1 to 100; None: not said
    share_percent: Mapped[int | None]
    # before it, the board is for who runs the challenge
    hidden_until: Mapped[datetime | None]
    # from then on the board stays as it stood, until it is revealed
    freeze_at: Mapped[datetime | None]
    # whether a team sees its own new scores on its submissions' pages while the board is hidden or frozen
    tells_owners: Mapped[bool] = mapped_column(default=False, server_default=false())
    revealed_at: Mapped[datetime | None]
    # since when its viewers see what they see now; what stood before is for who runs the challenge
    open_since: Mapped[datetime | None]
    # the id of the public board that this one is the final of; no foreign key, as either may be removed
    public_board_id: Mapped[int | None]

    phase: Mapped[Phase] = relationship(back_populates="splits")
    dataset_split: Mapped[DatasetSplit] = relationship()
    leaderboard: Mapped[Leaderboard] = relationship()

    def is_hidden(self, now: datetime) -> bool:
        """Whether only who runs the challenge may open it yet, whatever its visibility."""
        return self.hidden_until is not None and now < self.hidden_until

    def is_frozen(self, now: datetime) -> bool:
        """Whether it shows what stood at a moment in the past."""
        return self.freeze_at is not None and self.freeze_at <= now

    @property
    def was_kept_back(self) -> bool:
        """Whether only hosts saw it until it was revealed; one that was merely frozen was everybody's all along."""
        return self.revealed_at is not None and (self.open_since is None or self.open_since >= self.revealed_at)

    @property
    def past_from(self) -> datetime | None:
        """Since when it was seen as it is seen now: what stood before is for who runs the challenge."""
        known = [it for it in (self.open_since, self.hidden_until) if it is not None]
        return max(known, default=None)

    def withholds(self, completed_at: datetime | None, now: datetime) -> bool:
        """Whether a score that came at `completed_at` is kept even from its own team."""
        if self.tells_owners:
            return False
        late = self.freeze_at is not None and completed_at is not None and completed_at > self.freeze_at
        return self.is_hidden(now) or (self.is_frozen(now) and late)
