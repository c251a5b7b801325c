"""What keeps a participant from submitting, apart from dates and quotas: a ban, the team's standing, the rules."""

from dataclasses import dataclass
from enum import StrEnum

from app.rules.errors import N_, NotAllowed
from app.rules.permissions import Standpoint
from app.rules.states import TeamStatus


class Cause(StrEnum):
    """Why a participant cannot submit."""

    BAN = "ban"
    WAITING = "waiting"
    REFUSED = "refused"
    TEAM_BANNED = "team_banned"
    WITHDRAWN = "withdrawn"
    ADDRESS = "address"
    RULES = "rules"


SENTENCES = {
    Cause.BAN: N_("The host has excluded you from this challenge."),
    Cause.WAITING: N_("Your team is waiting for the host's approval and can submit once it is approved."),
    Cause.REFUSED: N_("The host has not approved your team."),
    Cause.TEAM_BANNED: N_("The host has excluded your team from this challenge."),
    Cause.WITHDRAWN: N_(
        "Your team has withdrawn from this challenge. Its leader can bring it back on the team's page."
    ),
    Cause.ADDRESS: N_("This challenge is not open to your e-mail address. Ask the host."),
    Cause.RULES: N_("The rules have changed since you accepted them. Read and accept them; then you can submit again."),
}
_BY_STATUS = {
    TeamStatus.WAITING: Cause.WAITING,
    TeamStatus.REFUSED: Cause.REFUSED,
    TeamStatus.BANNED: Cause.TEAM_BANNED,
    TeamStatus.WITHDRAWN: Cause.WITHDRAWN,
}


@dataclass(frozen=True)
class Obstacle:
    """One cause, with what the host wrote about it (empty: nothing)."""

    cause: Cause
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The template of what is said to the participant."""
        return SENTENCES[self.cause]

    @property
    def refusal(self) -> NotAllowed:
        """What stops a submission."""
        if not self.reason:
            return NotAllowed(self.sentence)
        return NotAllowed(REASONED[self.cause], reason=self.reason)


REASONED = {
    Cause.BAN: N_("The host has excluded you from this challenge: %(reason)s"),
    Cause.REFUSED: N_("The host has not approved your team: %(reason)s"),
    Cause.TEAM_BANNED: N_("The host has excluded your team from this challenge: %(reason)s"),
}


def obstacle(person: Standpoint, *, admitted: bool, rules_sha256: str) -> Obstacle | None:
    """Return what keeps somebody in a team from submitting, None when nothing does; hosts are never kept.

    `admitted`: whether the challenge takes the person's e-mail address; `rules_sha256`: the hash of the rules as they
    stand now.
    """
    if person.is_host:
        return None
    if person.ban_reason is not None:
        return Obstacle(Cause.BAN, person.ban_reason)
    if person.team_id is None:
        return None
    if person.team_status in _BY_STATUS:
        return Obstacle(_BY_STATUS[person.team_status], person.team_reason)
    if not admitted:
        return Obstacle(Cause.ADDRESS)
    return None if person.accepted_rules == rules_sha256 else Obstacle(Cause.RULES)
