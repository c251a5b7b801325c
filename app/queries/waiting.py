"""How long a submission still waits, as far as measured run times tell."""

import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, Select, select, union_all

from app.extensions import db
from app.models.submissions import Submission
from app.queries import site, submissions
from app.rules.states import OPEN, SubmissionStatus
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
    found = _open_ones()
    ahead = [found[it].phase_id for it in order[: place - 1] if it in found]
    running = [it for it in found.values() if it.status is SubmissionStatus.RUNNING]
    usual = _usual_seconds({*ahead, *(it.phase_id for it in running)})
    runs = [Run(usual[it.phase_id], _since(it.started_at, now)) for it in running]
    return Wait(place, expected_start([usual[it] for it in ahead], runs, places=places), is_served=True)


def is_served(*, now: datetime) -> bool:
    """Whether a worker was heard of lately whose walls hold, so that what waits is evaluated."""
    beat = site.worker()
    return beat is not None and now - beat.seen_at <= SILENT_AFTER and beat.isolation.get("level") != "D"


def _open_ones() -> dict[int, Row[int, int, SubmissionStatus, datetime | None]]:
    # all that waits, as a list of ids may be longer than a statement takes
    columns = (Submission.id, Submission.phase_id, Submission.status, Submission.started_at)
    return {row.id: row for row in db.session.execute(select(*columns).where(Submission.status.in_(OPEN)))}


def _usual_seconds(phase_ids: set[int]) -> dict[int, float | None]:
    """Return the median of what the last evaluations of phases took, failed ones too; None before the first.

    One statement for all of them: whoever waits asks once a second.
    """
    if not phase_ids:
        return {}
    taken: dict[int, list[float]] = {phase_id: [] for phase_id in phase_ids}
    for row in db.session.execute(union_all(*(select(_latest(it).subquery()) for it in sorted(phase_ids)))):
        taken[row.phase_id].append(row.seconds)
    return {phase_id: statistics.median(known) if known else None for phase_id, known in taken.items()}


def _latest(phase_id: int) -> Select[int, float | None]:
    measured = select(Submission.phase_id, Submission.seconds).where(
        Submission.phase_id == phase_id, Submission.seconds > 0
    )
    return measured.order_by(Submission.id.desc()).limit(LATEST_RUNS)


def _since(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())
