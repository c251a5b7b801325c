"""Lists of submissions, newest first, narrowed as asked: a team's own, or all of a challenge for its hosts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models.challenges import Phase, PhaseSplit
from app.models.submissions import Entry, Submission
from app.models.teams import Team
from app.rules.names import name_key
from app.rules.states import SubmissionStatus

PAGE = 50
AT_A_TIME = 500


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list is narrowed to: a phase by codename, a state, one team by id or teams by a part of their name."""

    team_id: int | None = None
    phase: str | None = None
    status: SubmissionStatus | None = None
    team: str = ""


def page_of(challenge_id: int, wanted: Wanted, *, page: int) -> Sequence[Submission]:
    """Return one page of a list, and one submission more if there is another page."""
    first = (page - 1) * PAGE
    return db.session.scalars(_list(challenge_id, wanted).limit(PAGE + 1).offset(first)).unique().all()


def pages(challenge_id: int, wanted: Wanted) -> int:
    """Return how many pages a list fills, at least one."""
    found = select(func.count(Submission.id)).join(Phase).join(Team).where(*_conditions(challenge_id, wanted))
    return max(1, -(-(db.session.scalar(found) or 0) // PAGE))


def whole(challenge_id: int, wanted: Wanted) -> Iterator[Submission]:
    """Yield a whole list, oldest first, so many at a time that a million rows do not fill the memory."""
    after = 0
    while True:
        query = _list(challenge_id, wanted).where(Submission.id > after).order_by(None).order_by(Submission.id)
        found = db.session.scalars(query.limit(AT_A_TIME)).unique().all()
        yield from found
        if len(found) < AT_A_TIME:
            return
        after = found[-1].id
        db.session.expunge_all()


def _list(challenge_id: int, wanted: Wanted) -> Select[Submission]:
    split = selectinload(Submission.entries).joinedload(Entry.phase_split)
    return (
        select(Submission)
        .join(Phase)
        .join(Team, Submission.team_id == Team.id)
        .where(*_conditions(challenge_id, wanted))
        .options(
            joinedload(Submission.phase),
            joinedload(Submission.team),
            joinedload(Submission.account),
            joinedload(Submission.version),
            split.joinedload(PhaseSplit.leaderboard),
            split.joinedload(PhaseSplit.dataset_split),
        )
        .order_by(Submission.id.desc())
    )


def _conditions(challenge_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [Phase.challenge_id == challenge_id]
    if wanted.team_id is not None:
        conditions.append(Submission.team_id == wanted.team_id)
    if wanted.phase is not None:
        conditions.append(Phase.codename == wanted.phase)
    if wanted.status is not None:
        conditions.append(Submission.status == wanted.status)
    if wanted.team:
        conditions.append(Team.name_key.contains(name_key(wanted.team), autoescape=True))
    return conditions
