"""Changing a submission's state: only as the table of moves allows, settled by the database, with a row that stays."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from app.extensions import changed
from app.models.accounts import Account
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
    session: Session,
    submission_id: int,
    status: SubmissionStatus,
    *,
    cause: str,
    now: datetime,
    by: Account | None = None,
    reason: str | None = None,
    **columns: Any,
) -> bool:
    """Change the state, and columns with it, if the table of moves allows it, and leave a row; False when somebody
    was first.
    """
    if changed(session, _MOVES[status], {"submission": submission_id, "status": status} | columns) != 1:
        return False
    note(session, submission_id, status, cause=cause, now=now, by=by, reason=reason)
    return True


def note(
    session: Session,
    submission_id: int,
    status: SubmissionStatus,
    *,
    cause: str,
    now: datetime,
    by: Account | None = None,
    reason: str | None = None,
) -> None:
    """Leave the row that says when and why a submission came to a state, and who brought it there."""
    row = {"submission_id": submission_id, "at": now, "status": status, "cause": cause}
    session.execute(_NOTE, row | {"account_id": by.id if by else None, "reason": reason or None})
