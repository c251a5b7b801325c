"""Asking somebody into a team, by name or by a link; nobody is in a team without having agreed."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.extensions import changed, writing
from app.models.accounts import Account
from app.models.teams import Team, TeamInvitation
from app.queries import accounts, team_requests, teams
from app.rules.errors import N_, Invalid, NotFound
from app.rules.names import display_name, name_key
from app.rules.states import RequestStatus
from app.services import participation
from app.services import teams as team_services

LIFETIME = timedelta(days=7)
MOST_OPEN = 20
TOKEN_BYTES = 24


def invite(team: Team, *, name: str, by: Account, now: datetime) -> None:
    """Ask somebody by name into a team; whether anybody has the name is not told.

    Raises Invalid for what is no name or a member already, and when too many invitations wait.
    """
    shown = display_name(name, longest=100, field="name")
    with writing() as session:
        _check(team, by=by, now=now)
        person = accounts.by_name(shown)
        if person is not None and teams.member(team.id, person.id):
            raise Invalid(N_("%(name)s is in the team already."), "name", name=shown)
        for earlier in team_requests.open_invitations_of(team.id):
            # by the name as written, not by the person: two answers must not tell whether there is one
            if earlier.name and name_key(earlier.name) == name_key(shown):
                session.delete(earlier)
        _add(session, team, account_id=person.id if person else None, name=shown, token=None, by=by, now=now)


def make_link(team: Team, *, by: Account, now: datetime) -> None:
    """Make a link that lets one person in, whoever opens it first."""
    with writing() as session:
        _check(team, by=by, now=now)
        _add(session, team, account_id=None, name="", token=new_token(), by=by, now=now)


def renew(invitation: TeamInvitation, *, by: Account, now: datetime) -> None:
    """Let an unanswered invitation hold for another while; a link gets another address."""
    with writing() as session:
        session.refresh(invitation)
        _check(invitation.team, by=by, now=now, more=0)
        if invitation.status is not RequestStatus.OPEN:
            raise _answered()
        invitation.expires_at = now + LIFETIME
        if invitation.token is not None:
            invitation.token = new_token()


def revoke(invitation: TeamInvitation, *, by: Account, now: datetime) -> None:
    """Take an unanswered invitation back; NotFound when it was answered meanwhile."""
    with writing() as session:
        team_services.led(invitation.team, by)
        _answer(session, invitation, RequestStatus.REVOKED, now=now)


def accept(
    invitation: TeamInvitation, *, by: Account, accepts_rules: bool, rules: str | None = None, now: datetime
) -> Team:
    """Join the team that one was asked into; raises as participation.join_team, and NotFound for a dead invitation."""
    with writing() as session:
        session.refresh(invitation)
        team = invitation.team
        if not invitation.is_open(now) or (invitation.token is None and invitation.account_id != by.id):
            raise _answered()
        is_host = participation.check_may_enter(
            team.challenge, by=by, accepts_rules=accepts_rules, rules=rules, now=now
        )
        if team.is_host_team != is_host:
            raise Invalid(N_("Hosts of a challenge and its participants cannot be in one team."))
        participation.check_takes_members(team.challenge, team, now=now)
        if not is_host:
            participation.check_sent_nothing_elsewhere(team.challenge, team, by=by)
        _answer(session, invitation, RequestStatus.ACCEPTED, now=now)
        invitation.account_id = by.id
        participation.enter(session, team.challenge, team, by=by, leads=False, now=now)
    return team


def decline(invitation: TeamInvitation, *, by: Account, now: datetime) -> None:
    """Say no to an invitation; NotFound when it is not for this person or was answered."""
    with writing() as session:
        if invitation.account_id != by.id:
            raise _answered()
        _answer(session, invitation, RequestStatus.DECLINED, now=now)


def new_token() -> str:
    """Return the secret part of a link's address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def _check(team: Team, *, by: Account, now: datetime, more: int = 1) -> None:
    team_services.led(team, by)
    participation.check_takes_members(team.challenge, team, now=now)
    if len(team_requests.open_invitations_of(team.id)) + more > MOST_OPEN:
        raise Invalid(
            N_("%(n)s invitations are already waiting for an answer. Withdraw one first."), "name", n=MOST_OPEN
        )


def _add(
    session: Session, team: Team, *, account_id: int | None, name: str, token: str | None, by: Account, now: datetime
) -> None:
    session.add(
        TeamInvitation(
            team_id=team.id,
            account_id=account_id,
            name=name,
            token=token,
            invited_by_id=by.id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )


def _answer(session: Session, invitation: TeamInvitation, status: RequestStatus, *, now: datetime) -> None:
    """Settle an invitation; the database decides when two answer at once."""
    open_one = update(TeamInvitation).where(
        TeamInvitation.id == invitation.id, TeamInvitation.status == RequestStatus.OPEN
    )
    if changed(session, open_one.values(status=status, answered_at=now)) != 1:
        raise _answered()


def _answered() -> NotFound:
    return NotFound(
        N_("This invitation has been answered or withdrawn, or it has expired. Ask the team for a new one.")
    )
