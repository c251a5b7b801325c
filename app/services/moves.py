"""Changing a submission's state: only as the table of moves allows, settled by the database, with a row that stays."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.extensions import changed
from app.models.submissions import Submission, SubmissionMove
from app.rules.states import SubmissionStatus, sources_of


def move(session: Session, submission_id: int, status: SubmissionStatus, *, cause: str, now: datetime) -> bool:
    """Change the state if the table of moves allows it, and leave a row; False when somebody was first."""
    moved = changed(
        session,
        update(Submission)
        .where(Submission.id == submission_id, Submission.status.in_(sources_of(status)))
        .values(status=status),
    )
    if moved != 1:
        return False
    session.add(SubmissionMove(submission_id=submission_id, at=now, status=status, cause=cause))
    return True
