"""Teams of a challenge and who is in them; somebody who takes part alone is a team of one."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Key
from app.models.challenges import Challenge


class Team(Base):
    """A team of one challenge; `join_code` lets others in, None where the team is one person taking part alone."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("challenge_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    name: Mapped[str]
    name_key: Mapped[str]
    join_code: Mapped[str | None] = mapped_column(Key, unique=True)
    is_host_team: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    challenge: Mapped[Challenge] = relationship()
    members: Mapped[list["Membership"]] = relationship(
        back_populates="team", order_by="Membership.joined_at, Membership.id"
    )


class Membership(Base):
    """A person in a team; a person is in at most one team of a challenge."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("challenge_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    joined_at: Mapped[datetime]
    # the rules as the person accepted them: hash of the text, and when
    terms_sha256: Mapped[str] = mapped_column(Key)
    terms_accepted_at: Mapped[datetime]

    team: Mapped[Team] = relationship(back_populates="members")
    account: Mapped[Account] = relationship()
