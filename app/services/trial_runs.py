"""Runs of trials: a worker takes one, keeps its lease alive, records what came of it, or gives it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update

from app.evaluation.outcome import Outcome, Scored
from app.extensions import changed, writing
from app.models.trials import Trial
from app.queries import trial_runs as queries
from app.rules import causes
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services.runs import LEASE, MOST_ATTEMPTS, given_up


def claim_next(*, worker: str, now: datetime) -> tuple[int, int] | None:
    """Take the next waiting trial and return its id and attempt; None when nothing waits or another trial runs.

    One at a time, so that a script that hangs never keeps every place of a worker from submissions.
    """
    with writing() as session:
        if queries.running():
            return None
        trial_id = queries.next_waiting()
        if trial_id is None:
            return None
        started = (
            update(Trial)
            .where(Trial.id == trial_id, Trial.status == SubmissionStatus.QUEUED)
            .values(
                status=SubmissionStatus.RUNNING,
                attempt=Trial.attempt + 1,
                worker=worker,
                lease_until=now + LEASE,
                started_at=now,
            )
            .returning(Trial.attempt)
            .execution_options(synchronize_session=False)
        )
        attempt = session.scalars(started).one_or_none()
    return None if attempt is None else (trial_id, attempt)


def renew_leases(claims: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """Say that these runs (trial id, attempt) are alive."""
    if not claims:
        return
    with writing() as session:
        for trial_id, attempt in claims:
            session.execute(_running(trial_id, attempt).values(lease_until=now + LEASE))


def record(trial_id: int, *, attempt: int, outcome: Outcome | None, now: datetime) -> bool:
    """Store an outcome, None for a script that loads; False when this attempt is no longer the one that runs."""
    values: dict[str, Any] = {"worker": None, "lease_until": None, "completed_at": now}
    if outcome is None:
        values |= {"status": SubmissionStatus.FINISHED}
    elif isinstance(outcome, Scored):
        values |= _run(outcome) | _scores(outcome)
    else:
        values |= _run(outcome) | {
            "status": SubmissionStatus.FAILED,
            "failure": outcome.code,
            "notes": [outcome.explanation] if outcome.explanation else [],
            "failure_detail": outcome.detail or None,
            "failure_message": outcome.message or None,
        }
    with writing() as session:
        return changed(session, _running(trial_id, attempt).values(**values)) == 1


def _run(outcome: Outcome) -> dict[str, Any]:
    logs = outcome.logs
    used = {"seconds": outcome.seconds, "peak_bytes": outcome.peak_bytes}
    return used | {"stdout": logs.stdout, "stderr": logs.stderr}


def _scores(outcome: Scored) -> dict[str, Any]:
    splits = [{"split": it.split, "scores": it.scores, "errors": it.errors} for it in outcome.splits]
    return {
        "status": SubmissionStatus.FINISHED,
        "result": splits,
        "submission_result": outcome.submission_result,
        "notes": list(outcome.notes),
    }


def put_back(trial_id: int, *, attempt: int, cause: str, uses_attempt: bool, now: datetime) -> bool:
    """Queue a running trial again, or fail it as ours when it was tried too often; False when it moved on."""
    spent = uses_attempt and attempt >= MOST_ATTEMPTS
    values: dict[str, Any] = {"worker": None, "lease_until": None}
    if spent:
        values |= {"failure": FailureCode.OURS, "notes": [given_up(cause)], "completed_at": now}
    elif not uses_attempt:
        values |= {"attempt": attempt - 1}
    status = SubmissionStatus.FAILED if spent else SubmissionStatus.QUEUED
    with writing() as session:
        return changed(session, _running(trial_id, attempt).values(status=status, **values)) == 1


def put_back_lapsed(*, now: datetime) -> int:
    """Queue again what runs without a living worker behind it; return how many there were."""
    return _put_back_all(queries.lapsed(now), cause=causes.STOPPED_ANSWERING, now=now)


def put_back_all_running(*, now: datetime) -> int:
    """Queue again whatever runs: for the start of the only worker."""
    return _put_back_all(queries.running(), cause=causes.STOPPED, now=now)


def _put_back_all(claims: Sequence[tuple[int, int]], *, cause: str, now: datetime) -> int:
    for trial_id, attempt in claims:
        put_back(trial_id, attempt=attempt, cause=cause, uses_attempt=True, now=now)
    return len(claims)


def _running(trial_id: int, attempt: int) -> Any:
    """Return an UPDATE of this attempt, if it is still the one that runs: the fence against a worker long given up."""
    return update(Trial).where(Trial.id == trial_id, Trial.attempt == attempt, Trial.status == SubmissionStatus.RUNNING)
