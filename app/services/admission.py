"""Whether a phase takes a file from a person now: who may, when, and how many more. Asked under the write lock."""

from datetime import datetime

from app.models.accounts import Account
from app.models.challenges import Phase
from app.queries.submissions import Situation
from app.rules.errors import N_, NotAllowed, TooMany
from app.rules.permissions import Standpoint, may_submit_now
from app.rules.quotas import Remaining

FREE_FAILURES_A_DAY = 20


def submitting_team(phase: Phase, *, person: Standpoint, by: Account, now: datetime) -> int:
    """Return the team that may submit, apart from its quota; raise NotAllowed with the reason otherwise.

    A host's team never ranks, so it may try things out; an admin who takes part does rank, and is held to the limits.
    """
    challenge = phase.challenge
    if not by.is_active:
        raise NotAllowed(N_("Your account was closed meanwhile. Ask the administrator."))
    if not challenge.is_live and not person.is_host:
        raise NotAllowed(N_("This challenge takes no submissions at the moment."))
    if person.team_id is None:
        raise NotAllowed(N_("Take part in the challenge first; then you can submit."))
    if phase.removed_at is not None:
        raise NotAllowed(N_("The phase %(phase)s is no longer part of the challenge."), phase=phase.name)
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


def check_quota(found: Situation, *, now: datetime) -> None:
    """Raise TooMany when the team has nothing left just now, or had too many failures that cost it nothing."""
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


def starts_on_board(phase: Phase, *, wish: bool | None) -> bool:
    """Whether a new submission is shown on the board: the participant's wish counts where the phase leaves the choice.

    EvalAI's rule: without `leaderboard_public` every submission follows `is_submission_public`.
    """
    if not phase.leaderboard_public or wish is None:
        return phase.is_submission_public
    return wish
