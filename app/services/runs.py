"""Runs: a worker takes a submission, keeps its lease alive, and gives it back when it cannot finish."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from app.evaluation.outcome import Failed
from app.extensions import writing
from app.models.submissions import Submission
from app.queries import submissions
from app.rules import causes
from app.rules.errors import N_
from app.rules.failures import FailureCode
from app.rules.sentences import Sentence, sentence
from app.rules.states import SubmissionStatus
from app.services import reruns
from app.services.moves import move

# renewed every few seconds: a worker that says nothing for so long is dead, not busy
LEASE = timedelta(seconds=60)
# a machine may be restarted under a run once or twice; what ends its process a third time does so by itself
MOST_ATTEMPTS = 3


def claim_next(*, worker: str, now: datetime) -> tuple[int, int] | None:
    """Take the next waiting submission and return its id and attempt; None when nothing waits.

    One UPDATE that names the old state decides between workers. It also writes down by which version the submission is
    evaluated: the one that is live now, whichever was when it was sent.
    """
    run: dict[str, Any] = {"worker": worker, "lease_until": now + LEASE, "started_at": now}
    # lost in a power cut, the submission still waits for its turn
    with writing(durable=False) as session:
        while (found := submissions.next_waiting()) is not None:
            submission_id, attempt = found.id, found.attempt + 1
            run["version_id"], status = found.version_id, SubmissionStatus.RUNNING
            if move(session, submission_id, status, cause=causes.STARTED, now=now, attempt=attempt, **run):
                return submission_id, attempt
    return None


def renew_leases(claims: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """Say that these runs (submission id, attempt) are alive."""
    if not claims:
        return
    with writing() as session:
        for submission_id, attempt in claims:
            session.execute(
                update(Submission)
                .where(
                    Submission.id == submission_id,
                    Submission.attempt == attempt,
                    Submission.status == SubmissionStatus.RUNNING,
                )
                .values(lease_until=now + LEASE)
            )


def given_up(cause: str) -> Sentence:
    """Return what a host reads of a run whose process died too often."""
    count, why = MOST_ATTEMPTS, sentence(cause)
    return sentence(N_("The evaluation process died %(count)s times: %(cause)s."), count=count, cause=why)


def put_back(submission_id: int, *, attempt: int, cause: str, uses_attempt: bool, now: datetime) -> bool:
    """Queue a running submission again, or fail it as ours when it was tried too often; False when it moved on."""
    with writing() as session:
        made = session.get(Submission, submission_id)
        if made is None or made.attempt != attempt:
            return False
        spent = uses_attempt and made.attempt - made.attempts_before >= MOST_ATTEMPTS
        said = given_up(cause)
        if spent and reruns.keep_earlier(
            session,
            submission_id,
            attempt=attempt,
            failed=Failed(code=FailureCode.OURS, explanation=said),
            now=now,
        ):
            return True
        target = SubmissionStatus.FAILED if spent else SubmissionStatus.QUEUED
        if not move(session, submission_id, target, cause=cause, now=now):
            return False
        session.refresh(made)
        made.worker = made.lease_until = None
        if spent:
            made.failure, made.completed_at = FailureCode.OURS, now
            made.notes, made.rerun_at = [said], None
        elif not uses_attempt:
            made.attempt -= 1
    return True
