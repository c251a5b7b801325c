"""What a team has sent to a phase so far, as quotas and the next submission need it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.models.challenges import Phase
from app.models.submissions import Submission
from app.rules.failures import FAILURES, FailureCode
from app.rules.quotas import Remaining, Used, day_starts, month_starts, remaining
from app.rules.states import OPEN, SubmissionStatus
from app.rules.zones import quota_zone

FREE_FAILURES = [code for code, failure in FAILURES.items() if not failure.counts]

# written once: putting the statement together takes longer than running it
COUNTS = Submission.failure.is_(None) | Submission.failure.not_in(FREE_FAILURES)
COUNTS &= Submission.status != SubmissionStatus.CANCELLED
_of_team = Submission.team_id == bindparam("team_id")
# what the person sent with another team of the challenge counts too: nobody gets new limits by changing teams
_of_team_or_person = _of_team | (Submission.account_id == bindparam("account_id"))
# of the whole challenge, as a flood is not smaller for being spread over phases; and what the person sent to the phase
# with another team, as a new team is no way around this either
_by_person = (Submission.account_id == bindparam("account_id")) & (Submission.phase_id == bindparam("phase_id"))
_free_failures = select(func.count()).where(
    _of_team | _by_person,
    Submission.submitted_at > bindparam("lately"),
    Submission.failure.in_(FREE_FAILURES),
)
# it would give the same score once more: not what was cancelled or failed by us, not what another version evaluated
_is_same = Submission.sha256 == bindparam("sha256")
_is_same &= Submission.version_id == bindparam("version_id")
_is_same &= Submission.status != SubmissionStatus.DELETED
_is_same &= Submission.failure.is_(None) | Submission.failure.not_in([FailureCode.OURS, FailureCode.CANCELLED])
_SITUATION = select(
    func.count().filter(COUNTS, Submission.submitted_at >= bindparam("day")),
    func.count().filter(COUNTS, Submission.submitted_at >= bindparam("month")),
    func.count().filter(COUNTS),
    # what a host has evaluated again takes no team's place
    func.count().filter(_of_team, Submission.status.in_(OPEN), Submission.rerun_at.is_(None)),
    func.max(Submission.number).filter(_of_team),
    _free_failures.correlate(None).scalar_subquery(),
    func.max(Submission.id).filter(_of_team, _is_same),
).where(_of_team_or_person, Submission.phase_id == bindparam("phase_id"))


@dataclass(frozen=True)
class Situation:
    """What a team may still send, how many failures of a day cost it nothing, and the number its next file gets.

    `same_id` is the team's latest submission of the very same bytes to the phase, where there is one.
    """

    left: Remaining
    free_failures: int = 0
    next_number: int = 1
    same_id: int | None = None


def left(
    phase: Phase, team_id: int | None, *, account_id: int | None = None, now: datetime, zone: ZoneInfo
) -> Remaining:
    """Return what a team may still send to a phase; see `situation`."""
    return situation(phase, team_id, account_id=account_id, now=now, zone=zone).left


def situation(
    phase: Phase,
    team_id: int | None,
    *,
    account_id: int | None = None,
    now: datetime,
    zone: ZoneInfo,
    sha256: str = "",
) -> Situation:
    """Return all that decides whether a team may send one more file, with this hash, to a phase, by one statement.

    `account_id` is who would send it: what that person sent with other teams counts towards the limits as well.

    Days and months are those of the challenge's own zone; where it has none, of `zone`, the server's.
    """
    zone = quota_zone(phase.challenge.timezone, server=zone)
    if team_id is None:
        return Situation(remaining(phase.limits, Used(0, 0, 0, 0), now=now, zone=zone))
    moments = {"day": day_starts(now, zone), "month": month_starts(now, zone), "lately": now - timedelta(days=1)}
    person = {"team_id": team_id, "account_id": account_id}
    sent = person | {"phase_id": phase.id, "sha256": sha256, "version_id": phase.challenge.version_id}
    row = db.session.execute(_SITUATION, sent | moments).one()
    today, this_month, total, is_open, latest, failed, same_id = row
    used = Used(today, this_month, total, is_open)
    return Situation(remaining(phase.limits, used, now=now, zone=zone), failed, (latest or 0) + 1, same_id)


def free_failure_again_at(phase: Phase, team_id: int, *, account_id: int, most: int) -> datetime:
    """Return when the `most`-latest of the endings that cost nothing, counted as `situation` does, is a day old."""
    query = select(Submission.submitted_at).where(_of_team | _by_person, Submission.failure.in_(FREE_FAILURES))
    newest = query.order_by(Submission.submitted_at.desc()).offset(most - 1).limit(1)
    sent = {"team_id": team_id, "account_id": account_id, "phase_id": phase.id}
    return db.session.scalars(newest, sent).one() + timedelta(days=1)
