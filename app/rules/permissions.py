"""Who may see and do what, as small questions about plain facts; `None` as a person is a visitor."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.rules.schedule import Season, season
from app.rules.states import HostingPolicy, TeamStatus, Visibility


@dataclass(frozen=True)
class Standpoint:
    """How a person stands to a challenge: an admin of the site, one of its hosts, the id of the own team.

    Of the own team: where it stands, what the host wrote about that, whether the person leads it. `accepted_rules` is
    the hash of the rules the person accepted last; `ban_reason` is not None where the host keeps the person out.
    """

    is_admin: bool = False
    is_host: bool = False
    team_id: int | None = None
    team_status: TeamStatus = TeamStatus.ACTIVE
    team_reason: str = ""
    is_leader: bool = False
    accepted_rules: str = ""
    ban_reason: str | None = None

    @property
    def runs_it(self) -> bool:
        """Whether the person may do what a host does; an admin may stand in for any host."""
        return self.is_host or self.is_admin


def as_participant(person: Standpoint) -> Standpoint:
    """Return how somebody would stand to the challenge who does not run it: what a host sees in a preview."""
    return replace(person, is_admin=False, is_host=False)


def may_see_challenge(person: Standpoint, *, is_live: bool) -> bool:
    """Everybody sees a challenge that is approved and published; before that only who runs it."""
    return is_live or person.runs_it


def may_see_phase(person: Standpoint, *, is_public: bool) -> bool:
    """A phase that is not public is for hosts."""
    return is_public or person.runs_it


def may_see_board(person: Standpoint, *, visibility: int, is_hidden: bool = False) -> bool:
    """Whether the person may open the board at all; on an owner's board a team sees only its own row.

    A board that is hidden until a moment is for who runs the challenge till then.
    """
    if is_hidden:
        return person.runs_it
    if visibility == Visibility.OWNER_AND_HOST:
        return person.runs_it or person.team_id is not None
    return visibility == Visibility.EVERYBODY or person.runs_it


def may_open_board(person: Standpoint, *, phase_is_public: bool, visibility: int, is_hidden: bool) -> bool:
    """Whether the person may open a board of a phase that may itself be kept for hosts."""
    may_see = may_see_board(person, visibility=visibility, is_hidden=is_hidden)
    return may_see and may_see_phase(person, is_public=phase_is_public)


def sees_only_own_row(person: Standpoint, *, visibility: int) -> bool:
    """Whether a board shows this person nothing but the own team's row."""
    return visibility == Visibility.OWNER_AND_HOST and not person.runs_it


def may_see_scores(person: Standpoint, *, visibility: int, owner_team_id: int, is_withheld: bool = False) -> bool:
    """Whether the person may see one submission's scores of a phase split, on the submission's own page.

    `is_withheld`: the board is hidden or frozen, and its owner is not to know the score before all others do.
    """
    if person.runs_it:
        return True
    return not is_withheld and visibility != Visibility.HOST and person.team_id == owner_team_id


def may_see_submission(person: Standpoint, *, team_id: int) -> bool:
    """A submission is for its team and for who runs the challenge."""
    return person.runs_it or person.team_id == team_id


def may_have_data(person: Standpoint) -> bool:
    """Shared data is for participants whom the host has not kept out or not let in yet, and for who runs it."""
    takes_part = person.team_id is not None and person.team_status in {TeamStatus.ACTIVE, TeamStatus.WITHDRAWN}
    return person.runs_it or (takes_part and person.ban_reason is None)


def may_join(*, is_live: bool, registration_open: bool, end: datetime, now: datetime) -> bool:
    """Whether new participants are taken: until the challenge is over and while the host keeps registration open."""
    return is_live and registration_open and now <= end


def may_submit_now(
    person: Standpoint, *, start: datetime, end: datetime, now: datetime, accepts_late: bool = False
) -> bool:
    """Participants, an admin among them too, submit while the phase runs; hosts may always try their challenge out.

    `accepts_late` opens it after its end too, for files that are scored and never ranked (`is_late`).
    """
    found = season(start, end, now=now)
    return person.is_host or found is Season.RUNNING or (accepts_late and found is Season.PAST)


def is_late(person: Standpoint, *, end: datetime, now: datetime) -> bool:
    """Whether what this person sends now comes too late to be ranked; a host's file, a baseline perhaps, never does."""
    return not person.is_host and now > end


def may_delete_submission(*, is_over: bool, is_scored: bool) -> bool:
    """Whether who sent a submission may delete it: once the phase is over, what has a score is part of the result."""
    return not (is_over and is_scored)


def may_host(*, policy: HostingPolicy, is_admin: bool, named: bool) -> bool:
    """Whether somebody may bring a challenge."""
    return is_admin or named or policy is HostingPolicy.EVERYBODY
