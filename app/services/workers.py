"""What a worker says of itself, and putting right what a dead one left behind."""

from datetime import datetime
from typing import Any

from app.extensions import writing
from app.models.site import WorkerBeat
from app.queries import submissions as submission_queries
from app.rules import causes
from app.services import runs, trial_runs

ONLY = "worker"


def beat(*, isolation: dict[str, Any] | None, now: datetime) -> None:
    """Say that the worker is alive; at its start also how well it walls evaluations off."""
    with writing() as session:
        row = session.get(WorkerBeat, ONLY)
        if row is None:
            row = WorkerBeat(id=ONLY, started_at=now, seen_at=now, isolation={})
            session.add(row)
        row.seen_at = now
        if isolation is not None:
            row.started_at, row.isolation = now, isolation


def put_back_lapsed(*, now: datetime) -> int:
    """Queue again what runs without a living worker behind it; return how many there were."""
    lapsed = submission_queries.lapsed(now)
    for submission_id, attempt in lapsed:
        runs.put_back(submission_id, attempt=attempt, cause=causes.STOPPED_ANSWERING, uses_attempt=True, now=now)
    return len(lapsed) + trial_runs.put_back_lapsed(now=now)


def put_back_all_running(*, now: datetime) -> int:
    """Queue again whatever runs: for the start of the only worker, when nobody else can be running anything."""
    running = submission_queries.running()
    for submission_id, attempt in running:
        runs.put_back(submission_id, attempt=attempt, cause=causes.STOPPED, uses_attempt=True, now=now)
    return len(running) + trial_runs.put_back_all_running(now=now)
