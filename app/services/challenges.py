"""Approving a challenge and publishing it. Every effect is immediate: nothing is ever restarted."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.queries import challenges
from app.queries import versions as version_queries
from app.rules.errors import N_, Conflict, NotAllowed
from app.rules.states import VersionStatus
from app.services import audit, boards, versions


def approve(challenge: Challenge, *, version_id: int, approved: bool, by: Account, now: datetime) -> None:
    """Approve the version the admin looked at, or withdraw the approval; Conflict when another one came since."""
    with writing() as session:
        if not by.is_admin:
            raise NotAllowed(N_("Only an administrator can approve challenges."))
        version = challenge.version
        if version is None or version.id != version_id:
            raise Conflict(N_("The challenge changed since you looked. Look at it again before you approve it."))
        before = challenge.is_approved
        challenge.is_approved = approved
        version.status = VersionStatus.APPROVED if approved else VersionStatus.WITHDRAWN
        version.reviewed_by_id, version.reviewed_at = by.id, now
        _tell_boards(session, challenge)
        audit.record(
            session,
            by=by,
            action="challenge.approved" if approved else "challenge.approval_withdrawn",
            subject=challenge.slug,
            details={"before": before, "after": approved, "version": version.number, "sha256": version.sha256},
            now=now,
        )


def approve_from_console(challenge: Challenge, *, now: datetime) -> None:
    """Approve the newest version and publish, for the operator at the machine's own console."""
    with writing() as session:
        waiting = version_queries.waiting(challenge)
        version = waiting or challenge.version
        if version is None:
            raise Conflict(N_("The challenge has no version to approve."))
        challenge.is_approved = challenge.is_published = True
        version.status, version.reviewed_at = VersionStatus.APPROVED, now
        if waiting is not None:
            versions.put_live(session, waiting, now=now)
        _tell_boards(session, challenge)
        details = {"version": version.number, "sha256": version.sha256, "from": "console"}
        audit.record(session, by=None, action="challenge.approved", subject=challenge.slug, details=details, now=now)


def publish(challenge: Challenge, *, published: bool, by: Account, now: datetime) -> None:
    """Show an approved challenge to everybody, or hide it again."""
    with writing() as session:
        before = challenge.is_published
        challenge.is_published = published
        _tell_boards(session, challenge)
        audit.record(
            session,
            by=by,
            action="challenge.published" if published else "challenge.hidden",
            subject=challenge.slug,
            details={"before": before, "after": published},
            now=now,
        )


def _tell_boards(session: Session, challenge: Challenge) -> None:
    boards.raise_versions(session, challenges.phase_splits_of(challenge.id))
