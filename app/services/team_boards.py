"""What a change of a team means for the boards it stands on. Used by other services inside their transactions."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.challenges import PhaseSplit
from app.models.leaderboards import Standing
from app.models.teams import Team
from app.queries import challenges
from app.services import boards, standings


def redraw(session: Session, team: Team) -> None:
    """Have the boards drawn anew on which the team stands: its name or its members changed."""
    session.flush()
    boards.raise_versions(session, _boards_of(session, team))


def recount(session: Session, *teams: Team) -> None:
    """Compute the standings of these teams of one challenge anew: whether they rank, or what they sent, changed."""
    for split in standings.in_order(challenges.phase_splits_of(teams[0].challenge_id)):
        for team in teams:
            boards.refresh_standing(session, split, team.id)


def _boards_of(session: Session, team: Team) -> Sequence[PhaseSplit]:
    stands = select(Standing.phase_split_id).where(Standing.team_id == team.id)
    return session.scalars(select(PhaseSplit).where(PhaseSplit.id.in_(stands))).all()
