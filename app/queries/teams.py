"""Teams and their members."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models.accounts import Account
from app.models.challenges import Phase
from app.models.participation import RulesAcceptance, RulesText
from app.models.submissions import Submission
from app.models.teams import Membership, Team


def team(team_id: int) -> Team | None:
    """Return a team with its members."""
    return db.session.scalar(
        select(Team).where(Team.id == team_id).options(selectinload(Team.members).joinedload(Membership.account))
    )


def membership(challenge_id: int, account_id: int) -> Membership | None:
    """Return the place a person has in a challenge."""
    return db.session.scalar(
        select(Membership)
        .where(Membership.challenge_id == challenge_id, Membership.account_id == account_id)
        .options(joinedload(Membership.team))
    )


def member(team_id: int, account_id: int) -> Membership | None:
    """Return the place of a person in this very team."""
    return db.session.scalar(
        select(Membership)
        .where(Membership.team_id == team_id, Membership.account_id == account_id)
        .options(joinedload(Membership.account))
    )


def by_join_code(challenge_id: int, code: str) -> Team | None:
    """Return the team of a challenge that this code lets into."""
    return db.session.scalar(select(Team).where(Team.challenge_id == challenge_id, Team.join_code == code))


def by_name(challenge_id: int, name_key: str) -> Team | None:
    """Return the team of a challenge with this name."""
    return db.session.scalar(select(Team).where(Team.challenge_id == challenge_id, Team.name_key == name_key))


def name_is_taken(challenge_id: int, name_key: str) -> bool:
    """Whether a team of the challenge has this name already."""
    return by_name(challenge_id, name_key) is not None


def has_submitted(team_id: int) -> bool:
    """Whether a team ever sent a file."""
    return db.session.scalar(select(Submission.id).where(Submission.team_id == team_id).limit(1)) is not None


def has_sent(team_id: int, account_id: int) -> bool:
    """Whether a person ever sent a file with a team."""
    own = select(Submission.id).where(Submission.team_id == team_id, Submission.account_id == account_id)
    return db.session.scalar(own.limit(1)) is not None


def sent_with(challenge_id: int, account_id: int) -> Sequence[Team]:
    """Return the teams with which somebody who takes part (again) has sent something to a challenge."""
    took_part = (
        select(RulesAcceptance.id)
        .join(RulesAcceptance.rules)
        .where(RulesAcceptance.account_id == account_id, RulesText.challenge_id == challenge_id)
    )
    # nobody sends without having accepted the rules, and looking for that is quicker than among all submissions
    if db.session.scalar(took_part.limit(1)) is None:
        return []
    sent = (
        select(Submission.team_id)
        .join(Phase, Submission.phase_id == Phase.id)
        .where(Phase.challenge_id == challenge_id, Submission.account_id == account_id)
    )
    return db.session.scalars(select(Team).where(Team.id.in_(sent)).order_by(Team.id)).all()


def member_names(team_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of the members of several teams, in the order they joined."""
    rows = db.session.execute(
        select(Membership.team_id, Account.name)
        .join(Account, Membership.account_id == Account.id)
        .where(Membership.team_id.in_(team_ids))
        .order_by(Membership.joined_at, Membership.id)
    )
    names: dict[int, list[str]] = {}
    for row in rows:
        names.setdefault(row.team_id, []).append(row.name)
    return names
