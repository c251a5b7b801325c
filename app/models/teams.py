"""Teams of a challenge and who is in them, who is asked to join, and which teams want to become one."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Key
from app.models.challenges import Challenge
from app.rules.states import RequestStatus, TeamStatus


class Team(Base):
    """A team of one challenge; somebody who takes part alone is a team of one.

    `join_code` lets others in, None where nobody made one. `status_reason` is what the host wrote when refusing or
    banning it; `approved_at` says that a host approved it once, None where that was never needed.
    """

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("challenge_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    name: Mapped[str]
    name_key: Mapped[str]
    join_code: Mapped[str | None] = mapped_column(Key, unique=True)
    is_host_team: Mapped[bool] = mapped_column(default=False)
    status: Mapped[TeamStatus] = mapped_column(default=TeamStatus.ACTIVE, server_default="active")
    status_reason: Mapped[str] = mapped_column(default="", server_default="")
    approved_at: Mapped[datetime | None]
    # the number that stands for its name where teams are anonymous; drawn at random, so that it tells nothing
    alias: Mapped[int | None]
    created_at: Mapped[datetime]

    challenge: Mapped[Challenge] = relationship()
    members: Mapped[list["Membership"]] = relationship(
        back_populates="team", order_by="Membership.joined_at, Membership.id"
    )


def is_ranked() -> ColumnElement[bool]:
    """Return the condition that a team may stand on a board: neither the hosts' own, nor out of the ranking."""
    return ~Team.is_host_team & (Team.status == TeamStatus.ACTIVE)


class Membership(Base):
    """A person in a team; a person is in at most one team of a challenge, and a team has at most one leader."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("challenge_id", "account_id"),
        Index(
            "ix_membership_leader",
            "team_id",
            unique=True,
            sqlite_where=text("is_leader"),
            postgresql_where=text("is_leader"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    is_leader: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    joined_at: Mapped[datetime]
    # the rules as the person accepted them last: hash of the text, and when; all of them: models/participation.py
    terms_sha256: Mapped[str] = mapped_column(Key)
    terms_accepted_at: Mapped[datetime]

    team: Mapped[Team] = relationship(back_populates="members")
    account: Mapped[Account] = relationship()


class TeamInvitation(Base):
    """Somebody asked to join a team: by name, or whoever holds a link (`token`), once and until it expires.

    `account_id` is None for a link, and for a name that nobody has: whoever invites must not learn that.
    """

    __tablename__ = "team_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(default="")
    token: Mapped[str | None] = mapped_column(Key, unique=True)
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.OPEN)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    invited_by: Mapped[Account] = relationship(foreign_keys=[invited_by_id])

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be answered."""
        return self.status is RequestStatus.OPEN and self.expires_at > now


class TeamMerge(Base):
    """One team asks another to take it in; the other's leader answers."""

    __tablename__ = "team_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    into_team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.OPEN)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]

    from_team: Mapped[Team] = relationship(foreign_keys=[from_team_id])
    into_team: Mapped[Team] = relationship(foreign_keys=[into_team_id])
    asked_by: Mapped[Account] = relationship(foreign_keys=[asked_by_id])
