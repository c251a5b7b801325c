"""Whether a phase takes a file from a person now: who may, when, and how many more. Asked under the write lock."""

from datetime import datetime
from math import ceil

from app.models.accounts import Account
from app.models.challenges import Phase
from app.queries import quotas
from app.queries.quotas import Situation
from app.rules.errors import N_, NotAllowed, SentBefore, TooMany
from app.rules.obstacles import obstacle
from app.rules.permissions import Standpoint, may_submit_now
from app.rules.quotas import Remaining

FREE_FAILURES_A_DAY = 20


def submitting_team(phase: Phase, *, person: Standpoint, by: Account, now: datetime) -> int:
    """Return the team that may submit, apart from its quota; raise NotAllowed with the reason otherwise.

    A host's team never ranks, so it may try things out; an admin who takes part does rank, and is held to the limits.
    """
    challenge = phase.challenge
    if not by.is_active:
        raise NotAllowed(N_("Your account has been closed. Ask the administrator."))
    if not challenge.is_live and not person.is_host:
        raise NotAllowed(N_("This challenge accepts no submissions at the moment."))
    if person.team_id is None:
        raise NotAllowed(N_("Take part in the challenge first; then you can submit."))
    if phase.removed_at is not None:
        raise NotAllowed(N_("The phase %(phase)s is no longer part of the challenge."), phase=phase.name)
    if person.is_host:
        return person.team_id
    hindered = obstacle(person, admitted=challenge.eligibility.admits(by.email), rules_sha256=challenge.rules_sha256)
    if hindered is not None:
        raise hindered.refusal
    if phase.is_submission_paused:
        raise NotAllowed(N_("The host has paused submissions to this phase. Try again later."))
    _check_dates(phase, person=person, now=now)
    if not phase.is_public or not _is_listed(phase, by):
        raise NotAllowed(N_("This phase is open to invited people only."))
    return person.team_id


def _check_dates(phase: Phase, *, person: Standpoint, now: datetime) -> None:
    end = end_of(phase)
    if may_submit_now(person, start=phase.start_at, end=end, now=now, accepts_late=phase.accepts_late):
        return
    if now > end:
        raise NotAllowed(
            N_("The phase %(phase)s is closed: it ended at %(end)s, and your file had arrived at %(arrived)s."),
            phase=phase.name,
            end=end,
            arrived=now,
        )
    raise NotAllowed(N_("The phase %(phase)s opens at %(start)s."), phase=phase.name, start=phase.start_at)


def end_of(phase: Phase) -> datetime:
    """Return when a phase stops taking files that rank: at its end, at the latest at the challenge's."""
    return min(phase.end_at, phase.challenge.end_at)


def _is_listed(phase: Phase, by: Account) -> bool:
    listed = [address.lower() for address in phase.allowed_email_ids]
    return not listed or by.email.lower() in listed


def check_quota(found: Situation, phase: Phase, *, team_id: int, by: Account, now: datetime) -> None:
    """Raise TooMany when the team has nothing left just now, or had too many endings that cost it nothing."""
    left = found.left
    if left.now == 0:
        raise TooMany(quota_sentence(left), retry_after=_seconds_until(left.next_at, now))
    again_at = free_again_at(found, phase, team_id=team_id, by=by)
    if again_at is not None:
        raise TooMany(
            N_(
                "%(n)s submissions of your team failed or were cancelled within a day. "
                "Compare your file with the sample submission; you can submit again at %(moment)s."
            ),
            retry_after=_seconds_until(again_at, now),
            n=FREE_FAILURES_A_DAY,
            moment=again_at,
        )


def free_again_at(found: Situation, phase: Phase, *, team_id: int | None, by: Account) -> datetime | None:
    """Return when a team that had too many endings that cost it nothing may send again, None when it may now."""
    if team_id is None or found.free_failures < FREE_FAILURES_A_DAY:
        return None
    return quotas.free_failure_again_at(phase, team_id, account_id=by.id, most=FREE_FAILURES_A_DAY)


def check_new(found: Situation) -> None:
    """Raise SentBefore when the team sent these very bytes already: before they cost anything."""
    if found.same_id is not None:
        raise SentBefore(
            N_(
                "Your team has already sent this same file. Nothing was stored, and it does not count towards your "
                "limits."
            ),
            found.same_id,
        )


def quota_sentence(left: Remaining) -> str:
    """Say which limit is used up."""
    if left.total == 0:
        return N_("Your team has used all submissions of this phase.")
    if left.this_month == 0:
        return N_("Your team has used this month's submissions.")
    if left.today == 0:
        return N_("Your team has used today's submissions.")
    return N_(
        "Your team has reached this phase's limit of submissions waiting or running at the same time. Wait for "
        "one to finish."
    )


def _seconds_until(moment: datetime | None, now: datetime) -> int:
    return 60 if moment is None else max(1, ceil((moment - now).total_seconds()))


def starts_on_board(phase: Phase, *, wish: bool | None) -> bool:
    """Whether a new submission is shown on the board: the participant's wish counts where the phase leaves the choice.

    EvalAI's rule: without `leaderboard_public` every submission follows `is_submission_public`.
    """
    if not phase.leaderboard_public or wish is None:
        return phase.is_submission_public
    return wish
