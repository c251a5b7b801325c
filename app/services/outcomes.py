"""Recording what an evaluation gave: scores and standings, or a failure, in one transaction, safe to run twice."""

import math
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.evaluation.outcome import Failed, Outcome, Scored
from app.extensions import changed, writing
from app.models.submissions import Entry, Submission, SubmissionMove, SubmissionOutput
from app.queries import submissions
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import boards


def record(submission_id: int, *, attempt: int, outcome: Outcome, now: datetime) -> bool:
    """Store an outcome; False when this attempt is no longer the one that runs (a zombie's result is refused)."""
    status = SubmissionStatus.FINISHED if isinstance(outcome, Scored) else _status_of(outcome)
    with writing() as session:
        moved = changed(
            session,
            update(Submission)
            .where(
                Submission.id == submission_id,
                Submission.attempt == attempt,
                Submission.status == SubmissionStatus.RUNNING,
            )
            .values(status=status, worker=None, lease_until=None, completed_at=now, **_words(outcome)),
        )
        if moved != 1:
            return False
        session.add(SubmissionMove(submission_id=submission_id, at=now, status=status, cause="evaluated"))
        submission = submissions.to_evaluate(submission_id)
        if submission is None:
            raise LookupError(submission_id)
        _keep_output(session, submission, outcome)
        if isinstance(outcome, Scored):
            _keep_scores(session, submission, outcome)
    return True


def _words(outcome: Outcome) -> dict[str, Any]:
    """Return what the submission's row says of its evaluation, by column."""
    common = {"seconds": outcome.seconds, "peak_bytes": outcome.peak_bytes}
    if isinstance(outcome, Scored):
        return common | {"notes": list(outcome.notes)}
    return common | {
        "failure": outcome.code,
        "failure_detail": outcome.detail,
        "failure_message": outcome.message or None,
    }


def _status_of(outcome: Failed) -> SubmissionStatus:
    return SubmissionStatus.CANCELLED if outcome.code is FailureCode.CANCELLED else SubmissionStatus.FAILED


def _keep_output(session: Session, submission: Submission, outcome: Outcome) -> None:
    silent = submission.phase.disable_logs
    session.merge(
        SubmissionOutput(
            submission_id=submission.id,
            stdout="" if silent else outcome.logs.stdout,
            stderr="" if silent else outcome.logs.stderr,
            result=outcome.submission_result if isinstance(outcome, Scored) else None,
            result_metadata=outcome.submission_metadata if isinstance(outcome, Scored) else None,
        )
    )


def _keep_scores(session: Session, submission: Submission, outcome: Scored) -> None:
    by_split = {scores.split: scores for scores in outcome.splits}
    boards.keep_one(session, submission)
    for split in submission.phase.splits:
        scores = by_split.get(split.dataset_split.codename)
        if scores is None:
            continue
        finite = {label: value for label, value in scores.scores.items() if math.isfinite(value)}
        session.merge(
            Entry(submission_id=submission.id, phase_split_id=split.id, scores=finite, errors=dict(scores.errors))
        )
        boards.refresh_standing(session, split, submission.team_id)
