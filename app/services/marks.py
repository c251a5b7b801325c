"""What a host marks on a submission: verified, a named baseline, or taken out of the ranking with a reason."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from app.extensions import writing
from app.models.accounts import Account
from app.models.submissions import Submission
from app.rules.errors import N_, Invalid
from app.services import audit, boards


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The marks of one submission; an empty `flag_reason` lets it count."""

    is_verified: bool
    flag_reason: str
    is_baseline: bool
    baseline_name: str


def current(submission: Submission) -> Marks:
    """Return the marks of a submission as one value."""
    return Marks(**{name: getattr(submission, name) for name in Marks.__dataclass_fields__})


def mark(submission: Submission, marks: Marks, *, by: Account, now: datetime) -> None:
    """Set the marks of a submission; every board follows at once. Invalid for a baseline of somebody but the host."""
    if marks.is_baseline and not submission.team.is_host_team:
        raise Invalid(N_("Only a submission of the host can be a baseline."), "is_baseline")
    with writing() as session:
        before, after = asdict(current(submission)), asdict(marks)
        for name, value in after.items():
            setattr(submission, name, value)
        submission.on_board = submission.on_board or marks.is_baseline
        boards.refresh_team(session, submission.phase, submission.team_id, now=now)
        subject = f"{submission.phase.challenge.slug}: {submission.team.name}, {submission.number}"
        changed = audit.changes(before, after)
        audit.record(session, by=by, action="submission.marked", subject=subject, details=changed, now=now)


def set_baseline(submission: Submission, *, is_baseline: bool, by: Account, now: datetime) -> None:
    """Show a host's submission as a baseline, or no longer; its other marks stay. Raises as `mark` does."""
    mark(submission, replace(current(submission), is_baseline=is_baseline), by=by, now=now)
