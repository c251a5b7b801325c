"""The teams of a challenge as its host looks at them: page by page, found by name, with what they did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.models.accounts import Account
from app.models.submissions import Submission
from app.models.teams import Membership, Team
from app.rules.names import name_key
from app.rules.states import TeamStatus

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One team with the number of its submissions and when it sent the last."""

    team: Team
    sent: int
    last_at: datetime | None


@dataclass(frozen=True)
class Lines:
    """One page of teams; pages count from 1 and there is always one. `counts` are those of every standing."""

    rows: list[Line]
    number: int
    count: int
    counts: dict[TeamStatus, int]


def page(challenge_id: int, *, search: str = "", status: TeamStatus | None = None, number: int = 1) -> Lines:
    """Return a page of a challenge's teams, waiting ones first, then by name; `search` looks for names of members too.

    Teams that went into another one are only there where they are asked for.
    """
    wanted = [Team.challenge_id == challenge_id, *_named(search)]
    by_status = select(Team.status, func.count()).where(*wanted).group_by(Team.status)
    counts = {row.status: row[1] for row in db.session.execute(by_status)}
    total = counts.get(status, 0) if status else sum(counts.values()) - counts.get(TeamStatus.MERGED, 0)
    count = max(1, -(-total // PAGE))
    number = min(max(1, number), count)
    chosen = Team.status == status if status else Team.status != TeamStatus.MERGED
    found = db.session.scalars(
        select(Team)
        .where(*wanted, chosen)
        .options(selectinload(Team.members).joinedload(Membership.account))
        .order_by((Team.status == TeamStatus.WAITING).desc(), Team.name_key)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    return Lines(lines(found), number, count, counts)


def waiting(challenge_ids: Iterable[int]) -> dict[int, int]:
    """Return how many teams wait for a host's approval, by challenge; those without any are left out."""
    query = select(Team.challenge_id, func.count()).where(
        Team.challenge_id.in_(challenge_ids), Team.status == TeamStatus.WAITING
    )
    return {row.challenge_id: row[1] for row in db.session.execute(query.group_by(Team.challenge_id))}


def _named(search: str) -> list[ColumnElement[bool]]:
    # PostgreSQL takes no NUL in a text, not even to look for one
    key = name_key(search.replace("\0", ""))
    if not key:
        return []
    people = select(Membership.team_id).join(Account, Membership.account_id == Account.id)
    named = people.where(Account.name_key.contains(key, autoescape=True))
    return [or_(Team.name_key.contains(key, autoescape=True), Team.id.in_(named))]


def lines(teams: Sequence[Team]) -> list[Line]:
    """Return these teams with what they sent."""
    rows = db.session.execute(
        select(Submission.team_id, func.count(), func.max(Submission.submitted_at))
        .where(Submission.team_id.in_([team.id for team in teams]))
        .group_by(Submission.team_id)
    )
    sent = {row.team_id: (row[1], row[2]) for row in rows}
    return [Line(team, *sent.get(team.id, (0, None))) for team in teams]
