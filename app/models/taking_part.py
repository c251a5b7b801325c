"""What a challenge says of who may take part and how teams may be: columns and questions of `Challenge`."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.eligibility import Eligibility


class TakingPart:
    """A part of the challenge's table."""

    terms_and_conditions: Mapped[str] = mapped_column(default="")
    end_at: Mapped[datetime]
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # a team must be approved by a host before it may submit
    needs_team_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    # from then on teams stay as they are: nobody joins one, and none merge; None: until the challenge ends
    teams_close_at: Mapped[datetime | None]
    # who may take part: where one of the first two says something, only those; never who is in the last two
    allowed_email_domains: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    admitted_email_ids: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    blocked_email_domains: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    banned_email_ids: Mapped[list[str]] = mapped_column(default=list, server_default="[]")

    @property
    def rules_sha256(self) -> str:
        """The hash that tells which text of the rules somebody accepted."""
        return hashlib.sha256(self.terms_and_conditions.encode()).hexdigest()

    @property
    def eligibility(self) -> Eligibility:
        """Whom it takes by e-mail address."""
        return Eligibility(
            allowed=self.allowed_email_domains,
            admitted=self.admitted_email_ids,
            blocked=self.blocked_email_domains,
            banned=self.banned_email_ids,
        )

    @property
    def max_team_members(self) -> int | None:
        """How many members a team may have; None: as many as like."""
        return self.extra.get("max_team_members")

    @max_team_members.setter
    def max_team_members(self, most: int | None) -> None:
        self.extra = {**self.extra, "max_team_members": most}

    def teams_may_change(self, now: datetime) -> bool:
        """Whether people still join teams and teams merge."""
        return now <= self.end_at and (self.teams_close_at is None or now < self.teams_close_at)
