"""Whether a phase's script has begun to fail: the host hears of it before the participants have to ask."""

from collections.abc import Sequence

from sqlalchemy import literal, select, union_all

from app.extensions import db
from app.models.challenges import Phase
from app.models.submissions import Submission
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus

LATEST = 20
ALARMING = 3
OF_THE_SCRIPT = frozenset(FailureCode) - {
    FailureCode.INPUT,
    FailureCode.CANCELLED,
    FailureCode.ENVIRONMENT,
    FailureCode.OURS,
}


def alarming(phases: Sequence[Phase]) -> dict[int, tuple[int, int]]:
    """Return, by phase, how many of how many latest evaluations ended by the script's own failure, where it is many."""
    found: dict[int, tuple[int, int]] = {}
    over = (SubmissionStatus.FINISHED, SubmissionStatus.FAILED)
    latest = [
        select(
            select(literal(phase.id).label("phase_id"), Submission.failure)
            .where(Submission.phase_id == phase.id, Submission.status.in_(over))
            .order_by(Submission.id.desc())
            .limit(LATEST)
            .subquery()
        )
        for phase in phases
    ]
    for row in db.session.execute(union_all(*latest)) if latest else ():
        failed, looked_at = found.get(row.phase_id, (0, 0))
        found[row.phase_id] = failed + (row.failure in OF_THE_SCRIPT), looked_at + 1
    return {phase_id: counts for phase_id, counts in found.items() if counts[0] >= ALARMING}
