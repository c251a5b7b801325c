"""Environments as pages and the builder need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.challenges import Challenge, Phase
from app.models.environments import Environment
from app.models.submissions import Submission
from app.models.versions import BundleVersion
from app.rules.environments import EnvironmentStatus
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus

_OPEN = (EnvironmentStatus.WAITING, EnvironmentStatus.BUILDING)
# ids of versions; what is tried out waits for the environment it was asked for
BEING_BUILT = (
    select(BundleVersion.id)
    .join(Environment, BundleVersion.environment_id == Environment.id)
    .where(Environment.status.in_(_OPEN))
)
# scores of one version are to be made with the same packages, so submissions wait and others go first
BEING_BUILT_AGAIN = BEING_BUILT.where(Environment.built_at.is_not(None))


@dataclass(frozen=True)
class Shared:
    """An environment with the versions that are evaluated in it."""

    environment: Environment
    versions: tuple[BundleVersion, ...]


def by_id(environment_id: int) -> Environment | None:
    """Return an environment."""
    return db.session.get(Environment, environment_id)


def by_key(key: str) -> Environment | None:
    """Return the environment of these requirements."""
    return db.session.scalar(select(Environment).where(Environment.key == key))


def version(version_id: int) -> BundleVersion | None:
    """Return a bundle version with its challenge and its environment."""
    return db.session.scalar(
        select(BundleVersion)
        .where(BundleVersion.id == version_id)
        .options(joinedload(BundleVersion.challenge), joinedload(BundleVersion.environment))
    )


def all_shared() -> list[Shared]:
    """Return every environment with who uses it, the newest first."""
    users: dict[int | None, list[BundleVersion]] = {}
    used = select(BundleVersion).where(BundleVersion.environment_id.is_not(None))
    for it in db.session.scalars(used.options(joinedload(BundleVersion.challenge)).order_by(BundleVersion.id)):
        users.setdefault(it.environment_id, []).append(it)
    every = db.session.scalars(
        select(Environment).options(joinedload(Environment.asked_by)).order_by(Environment.id.desc())
    ).all()
    return [Shared(it, tuple(users.get(it.id, ()))) for it in every]


def is_used(environment_id: int) -> bool:
    """Whether a version is evaluated in it."""
    return (
        db.session.scalar(select(BundleVersion.id).where(BundleVersion.environment_id == environment_id).limit(1))
        is not None
    )


def waiting() -> Sequence[int]:
    """Return the ids of those that wait to be built, in order."""
    return _with_status(EnvironmentStatus.WAITING)


def building() -> Sequence[int]:
    """Return the ids of those that are being built."""
    return _with_status(EnvironmentStatus.BUILDING)


def lapsed(now: datetime) -> Sequence[int]:
    """Return the ids of those whose builder stopped answering."""
    return db.session.scalars(
        select(Environment.id).where(Environment.status == EnvironmentStatus.BUILDING, Environment.lease_until < now)
    ).all()


def ready() -> Sequence[Environment]:
    """Return those that are built."""
    return db.session.scalars(select(Environment).where(Environment.status == EnvironmentStatus.READY)).all()


def to_try_again(before: datetime) -> Sequence[int]:
    """Return the ids of those that scores were made in and that could not be built again, last tried before a time."""
    is_used = Environment.id.in_(select(BundleVersion.environment_id))
    failed = Environment.built_at.is_not(None) & (Environment.status == EnvironmentStatus.FAILED)
    return db.session.scalars(select(Environment.id).where(is_used, failed, Environment.started_at < before)).all()


def failed_for_want_of(environment_id: int) -> dict[Challenge, list[int]]:
    """Return the ids of the submissions that failed because an environment was not in order, by challenge."""
    of_version = select(BundleVersion.id).where(BundleVersion.environment_id == environment_id)
    failed = (Submission.status == SubmissionStatus.FAILED) & (Submission.failure == FailureCode.ENVIRONMENT)
    wanted = select(Challenge, Submission.id).join(Phase, Phase.challenge_id == Challenge.id).join(Submission)
    found: dict[Challenge, list[int]] = {}
    for challenge, submission_id in db.session.execute(wanted.where(failed, Submission.version_id.in_(of_version))):
        found.setdefault(challenge, []).append(submission_id)
    return found


def versions_of(environment_id: int) -> Sequence[BundleVersion]:
    """Return the versions that are evaluated in an environment."""
    return db.session.scalars(select(BundleVersion).where(BundleVersion.environment_id == environment_id)).all()


def keys() -> set[str]:
    """Return the key of every environment."""
    return set(db.session.scalars(select(Environment.key)))


def _with_status(status: EnvironmentStatus) -> Sequence[int]:
    return db.session.scalars(select(Environment.id).where(Environment.status == status).order_by(Environment.id)).all()
