"""Recording what an evaluation gave: scores and standings, or a failure, in one transaction, safe to run twice."""

import math
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.evaluation.outcome import Failed, Outcome, Scored
from app.extensions import changed, writing
from app.models.submissions import Entry, Submission, SubmissionMove, SubmissionOutput
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
            .values(status=status, worker=None, lease_until=None, completed_at=now),
        )
        if moved != 1:
            return False
        session.add(SubmissionMove(submission_id=submission_id, at=now, status=status, cause="evaluated"))
        submission = session.get_one(Submission, submission_id)
        submission.seconds = outcome.seconds
        submission.peak_bytes = outcome.peak_bytes
        _keep_output(session, submission, outcome)
        if isinstance(outcome, Scored):
            _keep_scores(session, submission, outcome)
        else:
            submission.failure = outcome.code
            submission.failure_detail = outcome.detail
            submission.failure_message = outcome.message or None
    return True


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
    submission.notes = list(outcome.notes)
    by_split = {scores.split: scores for scores in outcome.splits}
    for split in submission.phase.splits:
        scores = by_split.get(split.dataset_split.codename)
        if scores is None:
            continue
        finite = {label: value for label, value in scores.scores.items() if math.isfinite(value)}
        session.merge(
            Entry(submission_id=submission.id, phase_split_id=split.id, scores=finite, errors=dict(scores.errors))
        )
        boards.refresh_standing(session, split, submission.team_id)
