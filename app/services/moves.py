"""Changing a submission's state: only as the table of moves allows, settled by the database, with a row that stays."""

from datetime import datetime

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from app.extensions import changed
from app.models.base import table_of
from app.models.submissions import Submission, SubmissionMove
from app.rules.states import SubmissionStatus, sources_of

_submission = table_of(Submission)
# written once: putting a statement together takes longer than running it
_MOVES = {
    status: update(_submission).where(
        _submission.c.id == bindparam("submission"), _submission.c.status.in_(sources_of(status))
    )
    for status in SubmissionStatus
}
_NOTE = insert(table_of(SubmissionMove))


def move(
    session: Session, submission_id: int, status: SubmissionStatus, *, cause: str, now: datetime, **columns: object
) -> bool:
    """Change the state, and columns with it, if the table of moves allows it, and leave a row; False when somebody
    was first.
    """
    if changed(session, _MOVES[status], {"submission": submission_id, "status": status} | columns) != 1:
        return False
    note(session, submission_id, status, cause=cause, now=now)
    return True


def note(session: Session, submission_id: int, status: SubmissionStatus, *, cause: str, now: datetime) -> None:
    """Leave the row that says when and why a submission came to a state."""
    session.execute(_NOTE, {"submission_id": submission_id, "at": now, "status": status, "cause": cause})
