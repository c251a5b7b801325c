"""What a host decides about teams and people of a challenge: approve, refuse, ban, lift a ban; and the settings."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.participation import Ban
from app.models.teams import Team
from app.queries import challenges, teams
from app.rules.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from app.rules.states import TeamStatus
from app.services import audit, participation, team_boards
from app.services import teams as team_services

MAY_BE_REFUSED = frozenset({TeamStatus.WAITING})
MAY_BE_APPROVED = frozenset({TeamStatus.WAITING, TeamStatus.REFUSED})
MAY_BE_BANNED = frozenset(TeamStatus) - {TeamStatus.BANNED, TeamStatus.MERGED}


@dataclass(frozen=True, kw_only=True)
class TeamSettings:
    """What a host says of teams: size, approval, until when they change, and who may take part by e-mail address."""

    max_team_members: int | None = None
    needs_team_approval: bool = False
    teams_close_at: datetime | None = None
    allowed_email_domains: list[str] = field(default_factory=list)
    admitted_email_ids: list[str] = field(default_factory=list)
    blocked_email_domains: list[str] = field(default_factory=list)
    banned_email_ids: list[str] = field(default_factory=list)


def settings_of(challenge: Challenge) -> TeamSettings:
    """Return the settings as they are."""
    return TeamSettings(
        max_team_members=challenge.max_team_members,
        needs_team_approval=challenge.needs_team_approval,
        teams_close_at=challenge.teams_close_at,
        allowed_email_domains=list(challenge.allowed_email_domains),
        admitted_email_ids=list(challenge.admitted_email_ids),
        blocked_email_domains=list(challenge.blocked_email_domains),
        banned_email_ids=list(challenge.banned_email_ids),
    )


def change_settings(challenge: Challenge, wanted: TeamSettings, *, by: Account, now: datetime) -> None:
    """Save the settings; where teams need no approval any more, those that waited for it are let in."""
    with writing() as session:
        before, after = asdict(settings_of(challenge)), asdict(wanted)
        for name, value in after.items():
            setattr(challenge, name, value)
        if not wanted.needs_team_approval:
            let_waiting_in(session, challenge)
        changed = audit.changes(before, after)
        action = "challenge.teams_changed"
        audit.record(session, by=by, action=action, subject=challenge.slug, details=changed, now=now)


def let_waiting_in(session: Session, challenge: Challenge) -> None:
    """Let in every team that waits for approval, in the caller's transaction."""
    waiting = select(Team).where(Team.challenge_id == challenge.id, Team.status == TeamStatus.WAITING)
    for team in session.scalars(waiting).all():
        team.status = TeamStatus.ACTIVE
        team_boards.recount(session, team)


def approve(team: Team, *, by: Account, now: datetime) -> None:
    """Let a waiting or refused team take part; Conflict when it is neither."""
    with writing() as session:
        _stop_unless(team, MAY_BE_APPROVED)
        team.approved_at = now
        _stand(session, team, TeamStatus.ACTIVE)
        team_services.note(session, team, action="team.approved", by=by, now=now)


def refuse(team: Team, *, reason: str, by: Account, now: datetime) -> None:
    """Do not let a waiting team take part; its members read the reason. Conflict when it does not wait."""
    with writing() as session:
        _stop_unless(team, MAY_BE_REFUSED)
        _stand(session, team, TeamStatus.REFUSED, reason=_given(reason))
        team_services.note(session, team, action="team.refused", by=by, now=now, details={"reason": reason})


def ban(team: Team, *, reason: str, by: Account, now: datetime) -> None:
    """Exclude a team: it submits no more and is not ranked, and its members read why. Its submissions stay."""
    with writing() as session:
        if team.is_host_team:
            raise NotAllowed(N_("The hosts' own team is never ranked and cannot be banned."))
        _stop_unless(team, MAY_BE_BANNED)
        if team.status is TeamStatus.ACTIVE:
            # it was let in once, and is again when the ban is lifted
            team.approved_at = team.approved_at or now
        _stand(session, team, TeamStatus.BANNED, reason=_given(reason))
        team_services.end_requests(session, team, now=now)
        team_services.note(session, team, action="team.banned", by=by, now=now, details={"reason": reason})


def unban(team: Team, *, by: Account, now: datetime) -> None:
    """Lift the ban of a team, which stands then where it stood before."""
    with writing() as session:
        _stop_unless(team, frozenset({TeamStatus.BANNED}))
        _let_back(session, team)
        team_services.note(session, team, action="team.unbanned", by=by, now=now)


def ban_person(challenge: Challenge, person: Account, *, reason: str, by: Account, now: datetime) -> None:
    """Exclude a person from a challenge, in whatever team; a team of which nobody else is left is banned with it.

    Raises Conflict for who is banned already, NotAllowed for a host.
    """
    with writing() as session:
        stands = challenges.standpoint(challenge.id, person)
        if stands.is_host:
            raise NotAllowed(N_("A host of the challenge cannot be banned from it."))
        if stands.ban_reason is not None:
            raise Conflict(N_("%(name)s is banned already."), name=person.name)
        given = _given(reason)
        session.add(
            Ban(challenge_id=challenge.id, account_id=person.id, reason=given, banned_by_id=by.id, banned_at=now)
        )
        session.flush()
        team = teams.team(stands.team_id) if stands.team_id is not None else None
        if team is not None:
            _go_on_without(session, team, person, reason=given)
        _note_person(session, challenge, person, action="participant.banned", by=by, now=now, details={"reason": given})


def unban_person(challenge: Challenge, person: Account, *, by: Account, now: datetime) -> None:
    """Lift the ban of a person, and of the team in which that person is alone."""
    with writing() as session:
        found = session.get(Ban, (challenge.id, person.id))
        if found is None:
            raise NotFound(N_("This person is not banned (any more)."))
        session.delete(found)
        place = teams.membership(challenge.id, person.id)
        if place is not None and place.team.status is TeamStatus.BANNED and len(place.team.members) == 1:
            _let_back(session, place.team)
        _note_person(session, challenge, person, action="participant.unbanned", by=by, now=now)


def _go_on_without(session: Session, team: Team, person: Account, *, reason: str) -> None:
    """See to it that a team with a banned member is led by another, or is banned where there is none."""
    others = [it for it in team.members if session.get(Ban, (team.challenge_id, it.account_id)) is None]
    own = next(it for it in team.members if it.account_id == person.id)
    if others and own.is_leader:
        team_services.lead(session, others[0], instead_of=own)
    if not others and team.status in MAY_BE_BANNED:
        if team.status is TeamStatus.ACTIVE:
            team.approved_at = team.approved_at or team.created_at
        _stand(session, team, TeamStatus.BANNED, reason=reason)


def _stand(session: Session, team: Team, status: TeamStatus, *, reason: str = "") -> None:
    team.status, team.status_reason = status, reason
    team_boards.recount(session, team)


def _let_back(session: Session, team: Team) -> None:
    _stand(session, team, participation.standing_when_let_in(team) if team.members else TeamStatus.WITHDRAWN)


def _stop_unless(team: Team, statuses: frozenset[TeamStatus]) -> None:
    if team.status not in statuses:
        raise Conflict(N_("The state of the team has changed. Look at it again."))


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid(N_("Write a reason; the people concerned read it."), "reason")
    return reason.strip()


def _note_person(
    session: Session,
    challenge: Challenge,
    person: Account,
    *,
    action: str,
    by: Account,
    now: datetime,
    details: dict[str, object] | None = None,
) -> None:
    subject = f"{challenge.slug}: {person.name}"
    audit.record(session, by=by, action=action, subject=subject, now=now, details=details)
