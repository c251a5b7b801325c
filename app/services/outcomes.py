"""Recording what an evaluation gave: scores and standings, or a failure, in one transaction, safe to run twice."""

import math
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, insert, update
from sqlalchemy.orm import Session

from app.evaluation.outcome import Failed, Outcome, Scored
from app.extensions import changed, writing
from app.models.base import table_of
from app.models.submissions import Entry, Submission, SubmissionOutput
from app.queries import submissions
from app.rules import causes
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import boards, reruns, standings
from app.services.moves import note

# written once: putting a statement together takes longer than running it
_submission, _output, _entry = table_of(Submission), table_of(SubmissionOutput), table_of(Entry)
_END = (
    update(_submission)
    .where(
        _submission.c.id == bindparam("submission"),
        _submission.c.attempt == bindparam("this_attempt"),
        _submission.c.status == SubmissionStatus.RUNNING,
    )
    .values(
        worker=None,
        lease_until=None,
        rerun_at=None,
        # a score that replaces another stands where that one stood on boards that are frozen
        completed_at=case(
            (_submission.c.rerun_at.is_not(None) & _submission.c.failure.is_(None), _submission.c.completed_at),
            else_=bindparam("ended_at", type_=_submission.c.completed_at.type),
        ),
    )
)
_FORGET_OUTPUT = delete(_output).where(_output.c.submission_id == bindparam("submission"))
_KEEP_OUTPUT = insert(_output)
_FORGET_ENTRIES = delete(_entry).where(_entry.c.submission_id == bindparam("submission"))
_KEEP_ENTRY = insert(_entry)
# it may have failed before it was evaluated again
_UNHARMED = {"failure": None, "failure_detail": None, "failure_message": None}


def record(submission_id: int, *, attempt: int, outcome: Outcome, now: datetime) -> bool:
    """Store an outcome; False when this attempt is no longer the one that runs (a zombie's result is refused)."""
    status = SubmissionStatus.FINISHED if isinstance(outcome, Scored) else _status_of(outcome)
    # lost in a power cut, the submission is evaluated again
    with writing(durable=False) as session:
        if isinstance(outcome, Failed) and reruns.keep_earlier(
            session, submission_id, attempt=attempt, failed=outcome, now=now
        ):
            return True
        this_run = {"submission": submission_id, "this_attempt": attempt}
        if changed(session, _END, this_run | {"status": status, "ended_at": now} | _words(outcome)) != 1:
            return False
        note(session, submission_id, status, cause=causes.EVALUATED, now=now)
        submission = submissions.to_evaluate(submission_id)
        if submission is None:
            raise LookupError(submission_id)
        _keep_output(session, submission, outcome)
        if isinstance(outcome, Scored):
            _keep_scores(session, submission, outcome, now=now)
        elif changed(session, _FORGET_ENTRIES, {"submission": submission_id}):
            # refused when it was evaluated again: the score of before is no more
            boards.refresh_team(session, submission.phase, submission.team_id, now=now)
    return True


def _words(outcome: Outcome) -> dict[str, Any]:
    """Return what the submission's row says of its evaluation, by column."""
    common = {"seconds": outcome.seconds, "peak_bytes": outcome.peak_bytes}
    if isinstance(outcome, Scored):
        return common | {"notes": list(outcome.notes)} | _UNHARMED
    return common | {
        "failure": outcome.code,
        "notes": [outcome.explanation] if outcome.explanation else [],
        "failure_detail": outcome.detail or None,
        "failure_message": outcome.message or None,
    }


def _status_of(outcome: Failed) -> SubmissionStatus:
    return SubmissionStatus.CANCELLED if outcome.code is FailureCode.CANCELLED else SubmissionStatus.FAILED


def _keep_output(session: Session, submission: Submission, outcome: Outcome) -> None:
    silent = submission.phase.disable_logs
    output = {
        "submission_id": submission.id,
        "stdout": "" if silent else outcome.logs.stdout,
        "stderr": "" if silent else outcome.logs.stderr,
        "result": outcome.submission_result if isinstance(outcome, Scored) else None,
        "result_metadata": outcome.submission_metadata if isinstance(outcome, Scored) else None,
    }
    if submission.attempt > 1:
        session.execute(_FORGET_OUTPUT, {"submission": submission.id})
    session.execute(_KEEP_OUTPUT, output)


def _keep_scores(session: Session, submission: Submission, outcome: Scored, *, now: datetime) -> None:
    by_split = {scores.split: scores for scores in outcome.splits}
    gone = submission.attempt > 1 and changed(session, _FORGET_ENTRIES, {"submission": submission.id})
    boards.keep_one(session, submission)
    phase = submission.phase
    # what one board shows of a team may depend on what another one does
    touches_all = gone or phase.final_picks or phase.is_restricted_to_select_one_submission
    scored = []
    for split in phase.splits:
        scores = by_split.get(split.dataset_split.codename)
        if scores is not None:
            finite = {label: value for label, value in scores.scores.items() if math.isfinite(value)}
            entry = {"submission_id": submission.id, "phase_split_id": split.id}
            session.execute(_KEEP_ENTRY, entry | {"scores": finite, "errors": dict(scores.errors)})
        if scores is not None or touches_all:
            scored.append(split)
    for split in standings.in_order(scored):
        boards.refresh_standing(session, split, submission.team_id, now=now)
