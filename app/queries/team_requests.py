"""Invitations into teams, and teams that want to become one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.accounts import Account
from app.models.teams import Membership, Team, TeamInvitation, TeamMerge
from app.rules.states import RequestStatus


def invitation(invitation_id: int) -> TeamInvitation | None:
    """Return an invitation with its team, whatever became of it."""
    return db.session.scalar(_invitations().where(TeamInvitation.id == invitation_id))


def invitation_by_token(token: str, *, now: datetime) -> TeamInvitation | None:
    """Return the invitation of a link while it can be used."""
    return db.session.scalar(_open(now).where(TeamInvitation.token == token))


def open_invitations_of(team_id: int) -> Sequence[TeamInvitation]:
    """Return the unanswered invitations of a team, lapsed ones too, the newest first."""
    mine = _invitations().where(TeamInvitation.team_id == team_id, TeamInvitation.status == RequestStatus.OPEN)
    return db.session.scalars(mine.order_by(TeamInvitation.id.desc())).all()


def invitations_for(account: Account | None, *, now: datetime, challenge_id: int | None = None) -> list[TeamInvitation]:
    """Return the invitations that wait for a person's answer, of all challenges or of one."""
    if account is None:
        return []
    mine = _open(now).where(TeamInvitation.account_id == account.id)
    found = db.session.scalars(mine.order_by(TeamInvitation.id.desc()))
    return [it for it in found if challenge_id in (None, it.team.challenge_id)]


def _invitations() -> Select[TeamInvitation]:
    return select(TeamInvitation).options(
        joinedload(TeamInvitation.team).joinedload(Team.challenge), joinedload(TeamInvitation.invited_by)
    )


def _open(now: datetime) -> Select[TeamInvitation]:
    return _invitations().where(TeamInvitation.status == RequestStatus.OPEN, TeamInvitation.expires_at > now)


def merge(merge_id: int) -> TeamMerge | None:
    """Return a request of one team to another, whatever became of it."""
    return db.session.scalar(_merges().where(TeamMerge.id == merge_id))


def merges_for(account: Account | None) -> Sequence[TeamMerge]:
    """Return the requests that wait for a person's answer: those to teams that the person leads, of all challenges."""
    if account is None:
        return []
    led = select(Membership.team_id).where(Membership.account_id == account.id, Membership.is_leader)
    asked = _merges().options(joinedload(TeamMerge.into_team).joinedload(Team.challenge))
    mine = asked.where(TeamMerge.into_team_id.in_(led), TeamMerge.status == RequestStatus.OPEN)
    return db.session.scalars(mine.order_by(TeamMerge.id.desc())).all()


def open_merges_of(team_id: int) -> Sequence[TeamMerge]:
    """Return the unanswered requests from and to a team, the newest first."""
    concerned = or_(TeamMerge.from_team_id == team_id, TeamMerge.into_team_id == team_id)
    return db.session.scalars(
        _merges().where(concerned, TeamMerge.status == RequestStatus.OPEN).order_by(TeamMerge.id.desc())
    ).all()


def _merges() -> Select[TeamMerge]:
    return select(TeamMerge).options(joinedload(TeamMerge.from_team), joinedload(TeamMerge.into_team))
