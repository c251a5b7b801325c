"""Final picks: what a team has picked, and what stands for teams on the public board."""

from collections.abc import Sequence

from sqlalchemy import select

from app.extensions import db
from app.models.leaderboards import Standing
from app.models.submissions import Submission


def picked(phase_id: int, team_id: int) -> Sequence[Submission]:
    """Return a team's picks in a phase, the first one first."""
    wanted = select(Submission).where(
        Submission.phase_id == phase_id, Submission.team_id == team_id, Submission.picked_at.is_not(None)
    )
    return db.session.scalars(wanted.order_by(Submission.picked_at, Submission.id)).all()


def public_best(phase_split_id: int, team_id: int | None) -> dict[int, int]:
    """Return team -> the submission that stands for it on a board; of one team only, where it is named."""
    wanted = select(Standing.team_id, Standing.submission_id).where(Standing.phase_split_id == phase_split_id)
    if team_id is not None:
        wanted = wanted.where(Standing.team_id == team_id)
    return {row.team_id: row.submission_id for row in db.session.execute(wanted)}
