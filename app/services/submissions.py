"""What happens to a submission: sent, claimed by a worker, kept alive, finished, put back, shown on the board."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.extensions import store, writing
from app.models.accounts import Account
from app.models.challenges import Phase
from app.models.submissions import Submission, SubmissionMove
from app.queries import challenges, submissions
from app.queries.submissions import Situation
from app.rules.errors import N_, Conflict, Invalid, NotAllowed, TooMany
from app.rules.failures import FailureCode
from app.rules.names import safe_file_name
from app.rules.permissions import Standpoint, may_submit_now
from app.rules.quotas import Remaining
from app.rules.states import SubmissionStatus
from app.services import boards
from app.services.moves import move
from app.storage import IncomingFile, StoredFile

FREE_FAILURES_A_DAY = 20


@dataclass(frozen=True, kw_only=True)
class Method:
    """What a participant says about a submission besides the file."""

    name: str = ""
    description: str = ""
    project_url: str = ""
    publication_url: str = ""
    attributes: list[dict[str, Any]] = field(default_factory=list)


def submit(
    phase: Phase,
    *,
    by: Account,
    file: IncomingFile,
    file_name: str,
    form_key: str,
    method: Method,
    show_on_board: bool | None,
    now: datetime,
    zone: ZoneInfo,
) -> Submission:
    """Accept a file for a phase and queue it; the same form sent twice gives the first submission again.

    Raises NotAllowed when the phase takes nothing from this person, Invalid for the file, TooMany when the quota is
    used up. The file is kept only if the row is committed.
    """
    check_file(phase, name=file_name, size=file.size)
    phase_id, keeping = phase.id, store.begin_keep(file)
    committed = False
    try:
        with writing() as session:
            # phase and challenge as they are under the lock, by one statement
            challenges.phase(phase_id)
            earlier = submissions.by_form_key(_own_key(form_key, by))
            if earlier is not None:
                return earlier
            person = challenges.standpoint(phase.challenge_id, by)
            team_id = _check(phase, person=person, by=by, now=now)
            found = submissions.situation(phase, team_id, now=now, zone=zone)
            if not person.is_host:
                _check_quota(found, now=now)
            made = _row(phase, keeping.stored, by=by, file_name=file_name, method=method, now=now)
            made.team_id, made.number = team_id, found.next_number
            made.form_key = _own_key(form_key, by)
            made.on_board = starts_on_board(phase, wish=show_on_board)
            made.moves.append(SubmissionMove(at=now, status=SubmissionStatus.QUEUED, cause="received"))
            session.add(made)
            session.flush()
            # a row whose file a power cut could take must not be committed
            keeping.finish()
        committed = True
    finally:
        if not committed:
            keeping.undo()
    return made


def _row(phase: Phase, kept: StoredFile, *, by: Account, file_name: str, method: Method, now: datetime) -> Submission:
    """Describe what was sent; whose it is and which number it has are settled under the lock."""
    return Submission(
        phase_id=phase.id,
        account_id=by.id,
        version_id=phase.challenge.version_id,
        file_name=safe_file_name(file_name),
        file_key=kept.key,
        size=kept.size,
        sha256=kept.sha256,
        method_name=method.name,
        method_description=method.description,
        project_url=method.project_url,
        publication_url=method.publication_url,
        attributes=method.attributes,
        submitted_at=now,
    )


def check_file(phase: Phase, *, name: str, size: int) -> None:
    """Raise Invalid when the phase does not take a file of this name or size."""
    if size == 0:
        raise Invalid(N_("The file is empty. Choose the file with your predictions."), "file")
    kinds = [kind.lower() for kind in phase.allowed_submission_file_types]
    if kinds and not name.lower().strip().endswith(tuple(kinds)):
        raise Invalid(
            N_("%(name)s cannot be taken here. This phase takes %(kinds)s."), "file", name=name, kinds=", ".join(kinds)
        )


def starts_on_board(phase: Phase, *, wish: bool | None) -> bool:
    """Whether a new submission is shown on the board: the participant's wish counts where the phase leaves the choice.

    EvalAI's rule: without `leaderboard_public` every submission follows `is_submission_public`.
    """
    if not phase.leaderboard_public or wish is None:
        return phase.is_submission_public
    return wish


def _own_key(form_key: str, by: Account) -> str:
    # bound to the person, so that nobody can meet another's submission by guessing a key
    return hashlib.sha256(f"{by.id}|{form_key}".encode()).hexdigest()


def _check(phase: Phase, *, person: Standpoint, by: Account, now: datetime) -> int:
    """Return the team that may submit, apart from its quota; raise with the reason otherwise.

    A host's team never ranks, so it may try things out; an admin who takes part does rank, and is held to the limits.
    """
    challenge = phase.challenge
    if not by.is_active:
        raise NotAllowed(N_("Your account was closed meanwhile. Ask the administrator."))
    if not challenge.is_live and not person.is_host:
        raise NotAllowed(N_("This challenge takes no submissions at the moment."))
    if person.team_id is None:
        raise NotAllowed(N_("Take part in the challenge first; then you can submit."))
    if person.is_host:
        return person.team_id
    if phase.is_submission_paused:
        raise NotAllowed(N_("The host has paused submissions to this phase. Try again later."))
    if not may_submit_now(person, start=phase.start_at, end=min(phase.end_at, challenge.end_at), now=now):
        raise NotAllowed(N_("The phase %(phase)s is closed at the moment."), phase=phase.name)
    if not phase.is_public or not _is_listed(phase, by):
        raise NotAllowed(N_("This phase is open to invited people only."))
    return person.team_id


def _is_listed(phase: Phase, by: Account) -> bool:
    listed = [address.lower() for address in phase.allowed_email_ids]
    return not listed or by.email.lower() in listed


def _check_quota(found: Situation, *, now: datetime) -> None:
    left = found.left
    if left.now == 0:
        raise TooMany(quota_sentence(left), retry_after=_seconds_until(left.next_at, now))
    if found.free_failures >= FREE_FAILURES_A_DAY:
        raise TooMany(
            N_("Your team's last %(n)s submissions failed. Check the format; you can submit again tomorrow."),
            retry_after=3600,
            n=FREE_FAILURES_A_DAY,
        )


def quota_sentence(left: Remaining) -> str:
    """Say which limit is used up."""
    if left.total == 0:
        return N_("Your team has used all submissions of this phase.")
    if left.this_month == 0:
        return N_("Your team has used this month's submissions.")
    if left.today == 0:
        return N_("Your team has used today's submissions.")
    return N_("Your team has as many submissions waiting or running as this phase allows. Wait for one to finish.")


def _seconds_until(moment: datetime | None, now: datetime) -> int:
    return 60 if moment is None else max(1, int((moment - now).total_seconds()))


def cancel(submission: Submission, *, now: datetime) -> None:
    """Take a waiting or running submission out; Conflict when it is over already."""
    with writing() as session:
        if not move(session, submission.id, SubmissionStatus.CANCELLED, cause="cancelled", now=now):
            raise Conflict(N_("The submission is over already."))
        session.refresh(submission)
        submission.failure, submission.completed_at = FailureCode.CANCELLED, now


def show_on_board(submission: Submission, *, shown: bool, person: Standpoint) -> None:
    """Put a submission on the board or take it off; raises NotAllowed where the phase does not leave the choice."""
    with writing() as session:
        phase = submission.phase
        if not phase.leaderboard_public and not person.runs_it:
            raise NotAllowed(N_("The host decides what this phase's leaderboard shows."))
        submission.on_board = shown
        boards.keep_one(session, submission)
        for split in phase.splits:
            boards.refresh_standing(session, split, submission.team_id)


def mark_baseline(submission: Submission, *, is_baseline: bool) -> None:
    """Rank a host's submission as a baseline, or stop doing so; raises NotAllowed for a participant's."""
    with writing() as session:
        if not submission.team.is_host_team:
            raise NotAllowed(N_("Only a submission of the host can be a baseline."))
        submission.is_baseline = is_baseline
        submission.on_board = submission.on_board or is_baseline
        for split in submission.phase.splits:
            boards.refresh_standing(session, split, submission.team_id)
