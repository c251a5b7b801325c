"""How long a submission still waits, as far as measured run times tell."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.models.submissions import Submission
from app.queries import site, submissions
from app.rules.states import SubmissionStatus
from app.rules.waiting import Run, expected_start

# a worker says every ten seconds that it is alive
SILENT_AFTER = timedelta(seconds=60)
# enough for a median that one odd run does not move
LATEST_RUNS = 15


@dataclass(frozen=True)
class Wait:
    """A place in the queue (1 is next), the seconds until it starts (None: not known), and whether a worker lives."""

    place: int
    seconds: float | None
    is_served: bool


def wait_of(made: Submission, *, places: int, now: datetime) -> Wait | None:
    """Return how long a submission still waits where a worker runs so many at once; None when it does not wait."""
    order = submissions.waiting_in_order() if made.status is SubmissionStatus.QUEUED else []
    if made.id not in order:
        return None
    place = order.index(made.id) + 1
    if not is_served(now=now):
        return Wait(place, None, is_served=False)
    ahead = _phases_of(order[: place - 1])
    found = _running()
    usual = _usual_seconds({*ahead, *(phase_id for phase_id, _ in found)})
    running = [Run(usual[phase_id], _since(started_at, now)) for phase_id, started_at in found]
    return Wait(place, expected_start([usual[it] for it in ahead], running, places=places), is_served=True)


def is_served(*, now: datetime) -> bool:
    """Whether a worker was heard of lately whose walls hold, so that what waits is evaluated."""
    beat = site.worker()
    return beat is not None and now - beat.seen_at <= SILENT_AFTER and beat.isolation.get("level") != "D"


def _phases_of(ids: list[int]) -> list[int]:
    # all that waits, as a list of ids may be longer than a statement takes
    queued = select(Submission.id, Submission.phase_id).where(Submission.status == SubmissionStatus.QUEUED)
    phases = {row.id: row.phase_id for row in db.session.execute(queued)}
    return [phases[it] for it in ids if it in phases]


def _running() -> list[tuple[int, datetime | None]]:
    found = select(Submission.phase_id, Submission.started_at).where(Submission.status == SubmissionStatus.RUNNING)
    return [(row.phase_id, row.started_at) for row in db.session.execute(found)]


def _usual_seconds(phase_ids: Iterable[int]) -> dict[int, float | None]:
    return {phase_id: _usual(phase_id) for phase_id in phase_ids}


def _usual(phase_id: int) -> float | None:
    """Return the median of what the last evaluations of a phase took, failed ones too; None before the first."""
    latest = (
        select(Submission.seconds)
        .where(Submission.phase_id == phase_id, Submission.seconds > 0)
        .order_by(Submission.id.desc())
        .limit(LATEST_RUNS)
    )
    known = [seconds for seconds in db.session.scalars(latest) if seconds is not None]
    return statistics.median(known) if known else None


def _since(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())
