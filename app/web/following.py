"""What the page of a submission says of it: where it stands, what it was given, each time it was evaluated."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app import clock
from app.models.challenges import PhaseSplit
from app.models.submissions import PastOutcome, Submission
from app.queries import waiting
from app.rules import permissions
from app.rules.causes import cause_label
from app.rules.failures import FAILURES, FailureCode
from app.rules.states import OPEN, SubmissionStatus
from app.rules.waiting import rounded
from app.services import admission
from app.web.loading import SeenSubmission
from app.web.settings import settings


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One evaluation of a submission, with the scores that the person may see; `detail` and logs are for hosts."""

    is_current: bool
    completed_at: datetime | None
    version_number: int
    status: SubmissionStatus
    failure: FailureCode | None
    message: str | None
    scores: tuple[tuple[PhaseSplit, dict[str, Any]], ...]
    detail: str | None = None
    stdout: str = ""
    stderr: str = ""


def state(found: SeenSubmission) -> dict[str, Any]:
    """Return what the status of a submission, and the page around it, are drawn from."""
    made, person = found.submission, found.person
    environment = made.version.environment
    return {
        "submission": made,
        "entries": found.entries,
        "waits_for_packages": environment is not None and environment.is_being_built_again,
        "wait": waiting.wait_of(made, places=settings().workers, now=clock.now()),
        "rounded": rounded,
        "reason": FAILURES[made.failure] if made.failure else None,
        "may_pick": may_pick(made, person=person, now=clock.now()),
        "may_choose": (made.phase.leaderboard_public or person.runs_it) and not made.is_late,
        "is_open": made.status in OPEN,
        "may_cancel": made.status in OPEN and (made.rerun_at is None or person.runs_it),
        "cause_label": cause_label,
    }


def etag(found: SeenSubmission, values: dict[str, Any]) -> str:
    """Name the state that `values` are: it changes with every move of the submission and of the queue before it."""
    made, wait = found.submission, values["wait"]
    move = made.moves[-1].id if made.moves else 0
    about = rounded(wait.seconds) if wait and wait.seconds is not None else None
    queue = f"{wait.place}-{wait.is_served}-{about}" if wait else ""
    return f'"submission-{made.id}-{move}-{queue}-{values["waits_for_packages"]}"'


def evaluations(found: SeenSubmission) -> list[Evaluation]:
    """Return every evaluation of a submission, the one that counts first; none where there was only one."""
    made = found.submission
    if not made.past:
        return []
    scores = {entry.phase_split_id: entry.scores for entry in made.entries}
    current = Evaluation(
        is_current=True,
        completed_at=None if made.rerun_at else made.moves[-1].at,
        version_number=made.version.number,
        status=made.status,
        failure=made.failure if made.status is SubmissionStatus.FAILED else None,
        message=made.failure_message if made.status is SubmissionStatus.FAILED else None,
        scores=() if made.rerun_at else _visible(found, scores),
    )
    if made.rerun_at is None:
        return [current, *(_past(found, it) for it in made.past)]
    # until it is over, what counts is the outcome of before
    return [
        replace(current, is_current=False),
        *(replace(_past(found, it), is_current=number == 0) for number, it in enumerate(made.past)),
    ]


def _past(found: SeenSubmission, it: PastOutcome) -> Evaluation:
    return Evaluation(
        is_current=False,
        completed_at=it.completed_at,
        version_number=it.version.number,
        status=it.status,
        failure=it.failure,
        message=it.failure_message,
        scores=_visible(found, {score["phase_split_id"]: score["scores"] for score in it.scores}),
        detail=it.failure_detail,
        stdout=it.stdout,
        stderr=it.stderr,
    )


def _visible(found: SeenSubmission, scores: dict[int, dict[str, Any]]) -> tuple[tuple[PhaseSplit, dict[str, Any]], ...]:
    splits = found.submission.phase.every_split
    return tuple((split, scores[split.id]) for split in splits if split.id in scores and _may_see(found, split))


def _may_see(found: SeenSubmission, split: PhaseSplit) -> bool:
    made = found.submission
    return permissions.may_see_scores(
        found.person,
        visibility=split.visibility,
        owner_team_id=made.team_id,
        is_withheld=split.withholds(made.completed_at, clock.now()),
    )


def may_see_all_scores(found: SeenSubmission) -> bool:
    """Whether no split is hidden from the person: what a script returns beside the scores often repeats all of them."""
    return all(_may_see(found, split) for split in found.submission.phase.every_split)


def may_pick(made: Submission, *, person: permissions.Standpoint, now: datetime) -> bool:
    """Whether to offer the person to pick a submission as final; the service asks again."""
    is_over = now > admission.end_of(made.phase)
    is_own = person.team_id == made.team_id
    return is_own and made.phase.final_picks > 0 and not is_over and bool(made.entries) and not made.is_late


def may_see_logs(found: SeenSubmission) -> bool:
    """Whether the person may read what the script printed: hosts, and the team where the host opened the logs."""
    phase = found.submission.phase
    return found.person.runs_it or (phase.show_logs and not phase.disable_logs)


def may_delete(made: Submission, *, person: permissions.Standpoint, account_id: int, now: datetime) -> bool:
    """Whether to offer the person to delete a submission; the service asks again."""
    if made.status in OPEN or made.status is SubmissionStatus.DELETED:
        return False
    is_over = now > admission.end_of(made.phase)
    is_scored = made.status is SubmissionStatus.FINISHED
    is_own = made.account_id == account_id and person.team_id == made.team_id
    return person.runs_it or (is_own and permissions.may_delete_submission(is_over=is_over, is_scored=is_scored))
