"""Which versions of a challenge scored how many submissions, and which of them score as the live one does."""

from collections.abc import Iterator

from sqlalchemy import func, select

from app.bundles.changes import Change, needs_approval
from app.extensions import db
from app.models.challenges import Challenge
from app.models.submissions import Submission
from app.models.versions import BundleVersion
from app.queries import versions
from app.rules.states import SubmissionStatus, VersionStatus

_WAS_LIVE = frozenset({VersionStatus.APPROVED, VersionStatus.WITHDRAWN})


def scored_by(challenge_id: int) -> dict[int, int]:
    """Return how many finished submissions each version scored, by the version's id."""
    rows = db.session.execute(
        select(Submission.version_id, func.count())
        .join(BundleVersion, Submission.version_id == BundleVersion.id)
        .where(BundleVersion.challenge_id == challenge_id, Submission.status == SubmissionStatus.FINISHED)
        .group_by(Submission.version_id)
    )
    return {row.version_id: row[1] for row in rows}


def scored_otherwise(challenge: Challenge) -> int:
    """Count the finished submissions that were scored by a version with another script, annotation or metric.

    Versions that changed only texts, dates and the like since score alike.
    """
    alike = {version.id for version in _scoring_alike(challenge)}
    return sum(count for version_id, count in scored_by(challenge.id).items() if version_id not in alike)


def _scoring_alike(challenge: Challenge) -> Iterator[BundleVersion]:
    """Yield the live version and those before it, down to the last one that touched scoring."""
    live = challenge.version
    if live is None:
        return
    for version in versions.of_challenge(challenge.id):
        if version is not live and (version.number > live.number or version.status not in _WAS_LIVE):
            continue
        yield version
        changes = [Change.from_row(it) for it in version.changes]
        # nobody wrote down what the oldest ones changed
        if not changes or needs_approval(changes):
            return
