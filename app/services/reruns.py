"""Evaluating again: the outcome of before is kept, and its score counts until a new one replaces it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from app.evaluation.outcome import Failed
from app.extensions import changed, writing
from app.models.accounts import Account
from app.models.base import table_of
from app.models.challenges import Challenge, Phase
from app.models.submissions import Entry, PastOutcome, Submission, SubmissionOutput
from app.rules import causes
from app.rules.errors import N_, Conflict, Invalid
from app.rules.reruns import earlier_stands
from app.rules.states import OPEN, RERUN_FROM, SubmissionStatus
from app.services import audit
from app.services.moves import note

LONGEST_REASON = 500
# the write lock is held for as long as these take, and everybody else waits for it
AT_A_TIME = 100

_submission = table_of(Submission)
# what a submission's row and a past outcome's say in the same words
_SAME = (
    *("version_id", "status", "started_at", "completed_at", "seconds", "peak_bytes"),
    *("failure", "failure_detail", "failure_message", "notes"),
)
_OUTPUT = ("stdout", "stderr", "result", "result_metadata")


def rerun(challenge: Challenge, submission_ids: Sequence[int], *, by: Account, reason: str, now: datetime) -> int:
    """Queue submissions of a challenge to be evaluated again by its live version; return how many there were.

    Those that wait, run, were cancelled or deleted are left out. Each keeps its number, its time of receipt and its
    earlier outcome. Raises Conflict when nothing is left, Invalid when the reason is too long.
    """
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Use at most %(most)s characters."), "reason", most=LONGEST_REASON)
    wanted, count = sorted(set(submission_ids)), 0
    for start in range(0, len(wanted), AT_A_TIME):
        count += _begin(challenge, wanted[start : start + AT_A_TIME], by=by, reason=reason, now=now)
    if not count:
        raise Conflict(N_("None of these can be evaluated again: only submissions that finished or failed can."))
    return count


def _begin(challenge: Challenge, ids: Sequence[int], *, by: Account, reason: str, now: datetime) -> int:
    with writing() as session:
        found = session.scalars(_over(challenge.id, ids)).unique().all()
        for made in found:
            session.add(_kept(made))
            made.status, made.rerun_at = SubmissionStatus.QUEUED, now
            made.attempts_before, made.version_id = made.attempt, challenge.version_id or made.version_id
            made.worker = made.lease_until = None
        session.flush()
        for made in found:
            status = SubmissionStatus.QUEUED
            note(session, made.id, status, cause=causes.RERUN, now=now, by=by, reason=reason)
        if found:
            details = {"submissions": [it.id for it in found], "version": challenge.version_id, "reason": reason}
            subject = challenge.slug
            audit.record(session, by=by, action="submission.rerun", subject=subject, details=details, now=now)
        return len(found)


def _over(challenge_id: int, ids: Sequence[int]) -> Any:
    of_challenge = Submission.phase_id.in_(select(Phase.id).where(Phase.challenge_id == challenge_id))
    return (
        select(Submission)
        .where(Submission.id.in_(ids), of_challenge, Submission.status.in_(RERUN_FROM))
        .options(selectinload(Submission.entries).joinedload(Entry.phase_split), joinedload(Submission.output))
        .order_by(Submission.id)
    )


def _kept(made: Submission) -> PastOutcome:
    """Write down the outcome that a submission has now."""
    output = {name: getattr(made.output, name) for name in _OUTPUT} if made.output else {}
    scores = [
        {
            "phase_split_id": entry.phase_split_id,
            "split": entry.phase_split.dataset_split.codename,
            "scores": entry.scores,
            "errors": entry.errors,
        }
        for entry in made.entries
    ]
    return PastOutcome(submission_id=made.id, scores=scores, **{name: getattr(made, name) for name in _SAME}, **output)


def keep_earlier(session: Session, submission_id: int, *, attempt: int, failed: Failed, now: datetime) -> bool:
    """Let the earlier outcome stand where a new evaluation failed and it may; False when the failure is to be recorded.

    The failed evaluation takes the earlier one's place among the past outcomes.
    """
    made = _rerun_of(session, submission_id)
    if made is None or made.attempt != attempt or made.status is not SubmissionStatus.RUNNING:
        return False
    earlier = made.past[0]
    if not earlier_stands(earlier.status, failed.code):
        return False
    now_failed = {
        "submission_id": made.id,
        "version_id": made.version_id,
        "status": SubmissionStatus.FAILED,
        "started_at": made.started_at,
        "completed_at": now,
        "seconds": failed.seconds,
        "peak_bytes": failed.peak_bytes,
        "failure": failed.code,
        "failure_detail": failed.detail or None,
        "failure_message": failed.message or None,
        "notes": [failed.explanation] if failed.explanation else [],
        "scores": [],
        "stdout": failed.logs.stdout,
        "stderr": failed.logs.stderr,
    }
    if made.phase.disable_logs:
        now_failed |= {"stdout": "", "stderr": ""}
    _restore(session, made, earlier, cause=causes.RERUN_FAILED, now=now, by=None)
    session.execute(insert(table_of(PastOutcome)), now_failed)
    return True


def undo(session: Session, submission_id: int, *, by: Account | None, now: datetime) -> bool:
    """Take a submission out of its new evaluation, back to the outcome of before; False when it is in none."""
    made = _rerun_of(session, submission_id)
    if made is None or made.status not in OPEN:
        return False
    _restore(session, made, made.past[0], cause=causes.RERUN_CANCELLED, now=now, by=by)
    return True


def _rerun_of(session: Session, submission_id: int) -> Submission | None:
    wanted = select(Submission).where(Submission.id == submission_id, Submission.rerun_at.is_not(None))
    return session.scalar(wanted)


def _restore(
    session: Session, made: Submission, earlier: PastOutcome, *, cause: str, now: datetime, by: Account | None
) -> None:
    values = {name: getattr(earlier, name) for name in _SAME}
    values |= {"rerun_at": None, "worker": None, "lease_until": None}
    if changed(session, update(_submission).where(_submission.c.id == made.id).values(**values)) != 1:
        raise LookupError(made.id)
    note(session, made.id, earlier.status, cause=cause, now=now, by=by)
    session.execute(delete(PastOutcome).where(PastOutcome.id == earlier.id))
    session.expire_all()


def forget_output(session: Session, submission_id: int) -> None:
    """Delete what evaluations of a submission gave, now and earlier: scores, logs, results."""
    for model in (Entry, SubmissionOutput, PastOutcome):
        column = table_of(model).c.submission_id
        session.execute(delete(table_of(model)).where(column == submission_id))
