"""Taking part beside teams: the rules as they were accepted, for ever, and who is kept out of a challenge."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Key


class RulesText(Base):
    """The rules of a challenge as somebody accepted them; a change makes another row."""

    __tablename__ = "rules_text"
    __table_args__ = (UniqueConstraint("challenge_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(Key)
    text: Mapped[str]
    kept_at: Mapped[datetime]


class RulesAcceptance(Base):
    """A person accepted a text of the rules. Rows are only ever added, and stay when the person leaves."""

    __tablename__ = "rules_acceptance"

    id: Mapped[int] = mapped_column(primary_key=True)
    rules_id: Mapped[int] = mapped_column(ForeignKey("rules_text.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    accepted_at: Mapped[datetime]

    rules: Mapped[RulesText] = relationship()
    account: Mapped[Account] = relationship()


class Ban(Base):
    """A person whom the host keeps out of a challenge, and why; deleting the row lifts it."""

    __tablename__ = "ban"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    reason: Mapped[str]
    banned_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    banned_at: Mapped[datetime]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
