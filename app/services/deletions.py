"""Deleting a submission: what was sent and what came of it goes, a row stays that says so and still counts."""

from datetime import datetime
from typing import Any

from app.extensions import store, writing
from app.models.accounts import Account
from app.models.submissions import Submission
from app.rules import causes
from app.rules.errors import N_, Conflict, Invalid, NotAllowed
from app.rules.permissions import Standpoint, may_delete_submission
from app.rules.states import OPEN, SubmissionStatus
from app.services import admission, audit, boards
from app.services.moves import move
from app.services.reruns import LONGEST_REASON, forget_output

_BLANK: dict[str, Any] = {
    "file_name": "",
    "file_key": "",
    "method_name": "",
    "method_description": "",
    "project_url": "",
    "publication_url": "",
    "attributes": [],
    "notes": [],
    "failure_detail": None,
    "failure_message": None,
    "on_board": False,
    "is_baseline": False,
    "picked_at": None,
}


def delete(submission: Submission, *, person: Standpoint, by: Account, reason: str, now: datetime) -> None:
    """Delete a submission; its number, its times, size and hash stay, and it counts towards limits as it did before.

    Raises NotAllowed for who may not, Invalid when a host gives no reason, Conflict while it waits or runs.
    """
    reason = reason.strip()
    _check_reason(reason, is_needed=person.runs_it and by.id != submission.account_id)
    with writing() as session:
        _check(submission, person=person, by=by, now=now)
        file_key, number, phase = submission.file_key, submission.number, submission.phase
        status = SubmissionStatus.DELETED
        if not move(
            session, submission.id, status, cause=causes.DELETED, now=now, by=by, reason=reason or None, **_BLANK
        ):
            raise Conflict(N_("The submission is deleted already."))
        forget_output(session, submission.id)
        session.expire_all()
        boards.refresh_team(session, phase, submission.team_id)
        audit.record(
            session,
            by=by,
            action="submission.deleted",
            subject=phase.challenge.slug,
            details={
                "submission": submission.id,
                "phase": phase.codename,
                "team": submission.team.name,
                "number": number,
                "sha256": submission.sha256,
                "reason": reason,
            },
            now=now,
        )
    if file_key:
        store.discard(file_key)


def _check_reason(reason: str, *, is_needed: bool) -> None:
    if is_needed and not reason:
        raise Invalid(N_("Give a reason; the team reads it on the submission's page."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Use at most %(most)s characters."), "reason", most=LONGEST_REASON)


def _check(submission: Submission, *, person: Standpoint, by: Account, now: datetime) -> None:
    phase = submission.phase
    if submission.status in OPEN:
        raise Conflict(N_("It is waiting or being evaluated. Cancel it first, then delete it."))
    if person.runs_it:
        return
    if by.id != submission.account_id or person.team_id != submission.team_id:
        raise NotAllowed(N_("Only the person who sent a submission, or a host, can delete it."))
    is_over = now > admission.end_of(phase)
    if not may_delete_submission(is_over=is_over, is_scored=submission.status is SubmissionStatus.FINISHED):
        raise NotAllowed(
            N_("The phase has ended and its scores are final. Ask the host if this submission has to be deleted.")
        )
