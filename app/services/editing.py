"""What hosts change without a new upload: texts, dates, limits, and how boards are shown. Never what scores.

The rows are what is live; the version's own record of its bundle stays as it is (docs/decisions/0012).
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge, Phase, PhaseSplit
from app.queries import challenges
from app.rules.editing import BoardEdit, ChallengeEdit, PhaseEdit, check_page, check_period, check_phase
from app.rules.editing import fingerprint as fingerprint_of
from app.rules.errors import N_, Conflict, NotAllowed
from app.services import audit, boards, rebuilding

_SHOWN_ON_BOARDS = frozenset({"name", "is_public"})


def current(row: Challenge | Phase | PhaseSplit, kind: type[ChallengeEdit | PhaseEdit | BoardEdit]) -> dict[str, Any]:
    """Return the values of a row that a form of this kind changes."""
    return {name: getattr(row, name) for name in kind.__dataclass_fields__}


def edit_challenge(challenge: Challenge, edit: ChallengeEdit, *, seen: str, by: Account, now: datetime) -> None:
    """Change a challenge's short texts, dates and settings; `seen` is the fingerprint of what the form was filled with.

    Here and below: Invalid names the field that cannot be accepted, Conflict says that somebody else was first.
    """
    check_period(edit.start_at, edit.end_at)
    with writing() as session:
        check_runs(challenge, by)
        _change(session, challenge, edit, seen=seen, action="challenge.edited", subject=challenge.slug, by=by, now=now)


def edit_page(row: Challenge | Phase, column: str, html: str, *, seen: str, by: Account, now: datetime) -> None:
    """Put other HTML in the place of a page of the challenge, or of a phase's description."""
    check_page(html)
    with writing() as session:
        challenge = row.challenge if isinstance(row, Phase) else row
        check_runs(challenge, by)
        before = getattr(row, column)
        check_seen({column: before}, seen)
        if html != before:
            setattr(row, column, html)
            subject = f"{challenge.slug}: {row.codename}" if isinstance(row, Phase) else challenge.slug
            changed = audit.changes({column: before}, {column: html})
            audit.record(session, by=by, action="page.edited", subject=subject, details=changed, now=now)


def edit_phase(phase: Phase, edit: PhaseEdit, *, seen: str, by: Account, now: datetime) -> None:
    """Change a phase; its boards are drawn anew where they show or hide something else now."""
    check_phase(edit)
    with writing() as session:
        check_runs(phase.challenge, by)
        subject = f"{phase.challenge.slug}: {phase.codename}"
        changed = _change(session, phase, edit, seen=seen, action="phase.edited", subject=subject, by=by, now=now)
        if _SHOWN_ON_BOARDS & changed:
            session.flush()
            boards.raise_versions(session, phase.splits)


def edit_board(split: PhaseSplit, edit: BoardEdit, *, seen: str, by: Account, now: datetime) -> None:
    """Change how a board is shown; the ranks are computed anew where another submission of a team may count now."""
    with writing() as session:
        check_runs(split.phase.challenge, by)
        subject = f"{split.phase.challenge.slug}: {split.phase.codename}, {split.dataset_split.codename}"
        changed = _change(session, split, edit, seen=seen, action="board.edited", subject=subject, by=by, now=now)
        if "by_latest" in changed:
            rebuilding.rebuild(session, split, now=now)
            rebuilding.rebuild_finals(session, split, now=now)
        elif changed:
            session.flush()
            boards.raise_version(session, split)


def check_runs(challenge: Challenge, by: Account) -> None:
    """Raise NotAllowed for who does not run the challenge."""
    if not by.is_active or not challenges.standpoint(challenge.id, by).runs_it:
        raise NotAllowed(N_("Only hosts of this challenge can edit it."))


def _change(
    session: Session,
    row: Challenge | Phase | PhaseSplit,
    edit: ChallengeEdit | PhaseEdit | BoardEdit,
    *,
    seen: str,
    action: str,
    subject: str,
    by: Account,
    now: datetime,
) -> set[str]:
    """Write the values that differ, record them, and return their names."""
    before = current(row, type(edit))
    check_seen(before, seen)
    after = asdict(edit)
    changed = audit.changes(before, after)
    for name in changed:
        setattr(row, name, after[name])
    if changed:
        audit.record(session, by=by, action=action, subject=subject, details=changed, now=now)
    return set(changed)


def check_seen(before: dict[str, Any], seen: str) -> None:
    """Raise Conflict where what is there is not what the form was filled with."""
    if fingerprint_of(before) != seen:
        raise Conflict(
            N_(
                "Somebody changed this after you opened the form. Compare with the present state in another tab; "
                "saving again replaces it with yours."
            )
        )
