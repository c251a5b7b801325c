"""Final picks: which submissions a team wants to count at the end; and what a host decides about them and the logs."""

from datetime import datetime

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Phase
from app.models.submissions import Submission
from app.queries import picks as pick_queries
from app.rules.errors import N_, Conflict, Invalid, NotAllowed
from app.rules.permissions import Standpoint
from app.rules.picks import MOST_PICKS
from app.services import admission, audit, boards, rebuilding, standings


def pick(submission: Submission, *, picked: bool, person: Standpoint, now: datetime) -> None:
    """Let a submission count at the end, or take the pick back; the same wish twice changes nothing.

    Raises NotAllowed where the phase or the moment leaves no choice, Conflict when the team has picked its number.
    """
    with writing() as session:
        phase = submission.phase
        if person.team_id != submission.team_id:
            raise NotAllowed(N_("Only the team itself can choose its final picks."))
        if not phase.final_picks:
            raise NotAllowed(N_("This phase has no final picks: the best submission counts."))
        if now > admission.end_of(phase):
            raise NotAllowed(N_("The phase has ended, and the picks are final."))
        if picked and submission.picked_at is None:
            _check(submission)
            submission.picked_at = now
        elif not picked:
            submission.picked_at = None
        session.flush()
        boards.refresh_team(session, phase, submission.team_id, now=now)


def _check(submission: Submission) -> None:
    if not submission.entries or submission.is_late:
        raise NotAllowed(N_("Only a submission with a score can be picked."))
    made, most = pick_queries.picked(submission.phase_id, submission.team_id), submission.phase.final_picks
    if len(made) < most:
        return
    numbers = ", ".join(f"#{it.number}" for it in made)
    raise Conflict(
        N_("Your team has already picked %(numbers)s, and at most %(most)s can count. Remove one first."),
        numbers=numbers,
        most=most,
    )


def set_most(phase: Phase, *, most: int, by: Account, now: datetime) -> None:
    """Set how many submissions a team picks in a phase, 0 for none; Invalid for any other number than 0 to 2."""
    if most not in range(MOST_PICKS + 1):
        raise Invalid(N_("A team can pick zero, one or two submissions."), "final_picks")
    with writing() as session:
        before, phase.final_picks = phase.final_picks, most
        for split in standings.in_order(phase.every_split):
            if standings.is_final(split) or before:
                rebuilding.rebuild(session, split, now=now)
        details = {"phase": phase.codename, "before": before, "after": most}
        subject = phase.challenge.slug
        audit.record(session, by=by, action="phase.final_picks", subject=subject, details=details, now=now)


def set_logs_shown(phase: Phase, *, shown: bool, by: Account, now: datetime) -> None:
    """Let participants read what the script printed about their files, or no longer.

    Raises Conflict where the bundle's `disable_logs` keeps no logs at all.
    """
    with writing() as session:
        if shown and phase.disable_logs:
            raise Conflict(N_("This phase keeps no logs: its bundle says disable_logs."))
        before, phase.show_logs = phase.show_logs, shown
        details = {"phase": phase.codename, "before": before, "after": shown}
        action = "phase.logs_shown" if shown else "phase.logs_hidden"
        audit.record(session, by=by, action=action, subject=phase.challenge.slug, details=details, now=now)
