"""Builds of environments: a worker takes one, keeps its lease alive, records what came of it, or gives it back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.bundles.environment_text import python_version
from app.extensions import changed, store, writing
from app.models.environments import Environment
from app.queries import environments
from app.rules.environments import BuildFailure, EnvironmentStatus
from app.services import trials

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
# what could not be built again may be so because an index was away
TRIED_AGAIN_AFTER = timedelta(hours=1)

Claim = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a build: a size and packages, or the reason why not."""

    size: int | None = None
    packages: dict[str, Any] = field(default_factory=dict)
    failure: BuildFailure | None = None
    failure_detail: str | None = None
    unavailable: list[Any] = field(default_factory=list)


def claim_next(*, now: datetime) -> Claim | None:
    """Take the next environment that waits and return its id and attempt; None when none does."""
    with writing() as session:
        for environment_id in environments.waiting():
            taken = (
                update(Environment)
                .where(Environment.id == environment_id, Environment.status == EnvironmentStatus.WAITING)
                .values(
                    status=EnvironmentStatus.BUILDING,
                    attempt=Environment.attempt + 1,
                    started_at=now,
                    lease_until=now + LEASE,
                )
                .returning(Environment.attempt)
                .execution_options(synchronize_session=False)
            )
            attempt = session.scalars(taken).one_or_none()
            if attempt is not None:
                return environment_id, attempt
    return None


def renew(claim: Claim, *, now: datetime) -> bool:
    """Say that a build is alive; False when it is not wanted any more."""
    return _change(claim, lease_until=now + LEASE)


def record(claim: Claim, result: Result, *, now: datetime) -> bool:
    """Keep what came of a build; False when another attempt has taken over or nobody wants it any more.

    Whether scripts load is looked at anew in a finished one.
    """
    values: dict[str, Any] = {
        "status": EnvironmentStatus.READY if result.failure is None else EnvironmentStatus.FAILED,
        "lease_until": None,
        "failure": result.failure,
        "failure_detail": result.failure_detail,
        "unavailable": result.unavailable,
    }
    if result.failure is None:
        values |= {"built_at": now, "size": result.size, "packages": result.packages, "python": python_version()}
    with writing() as session:
        if not _changed(session, claim, **values):
            return False
        if result.failure is None:
            for version in environments.versions_of(claim[0]):
                trials.look_again(session, version, now=now)
    return True


def give_back(claim: Claim) -> bool:
    """Let a build that was interrupted begin again later; it uses up no attempt."""
    return _change(claim, status=EnvironmentStatus.WAITING, attempt=claim[1] - 1, lease_until=None)


def put_back_lapsed(*, now: datetime) -> int:
    """Let begin again what is being built by nobody; return how many there were."""
    return _put_back(environments.lapsed(now))


def put_back_building() -> int:
    """Let begin again whatever is being built: for the start of the only worker, when nobody else can be at it."""
    return _put_back(environments.building())


def rebuild_missing() -> int:
    """Have built again what is not there any more, or was made for another Python; return how many there were."""
    gone = [
        it.id for it in environments.ready() if it.python != python_version() or not store.environment(it.key).is_dir()
    ]
    if gone:
        with writing() as session:
            again = update(Environment).where(Environment.id.in_(gone), Environment.status == EnvironmentStatus.READY)
            session.execute(again.values(status=EnvironmentStatus.WAITING, attempt=0))
    return len(gone)


def try_again(*, now: datetime) -> int:
    """Have built once more what could not be built again a while ago; return how many there were."""
    failed = environments.to_try_again(now - TRIED_AGAIN_AFTER)
    if failed:
        with writing() as session:
            again = update(Environment).where(
                Environment.id.in_(failed), Environment.status == EnvironmentStatus.FAILED
            )
            session.execute(again.values(status=EnvironmentStatus.WAITING, attempt=0))
    return len(failed)


def _put_back(ids: Sequence[int]) -> int:
    if not ids:
        return 0
    with writing() as session:
        for environment_id in ids:
            it = session.get(Environment, environment_id)
            if it is None or it.status is not EnvironmentStatus.BUILDING:
                continue
            it.lease_until = None
            if it.attempt >= MOST_ATTEMPTS:
                it.status, it.failure = EnvironmentStatus.FAILED, BuildFailure.OURS
            else:
                it.status = EnvironmentStatus.WAITING
    return len(ids)


def _change(claim: Claim, **values: Any) -> bool:
    with writing() as session:
        return _changed(session, claim, **values)


def _changed(session: Session, claim: Claim, **values: Any) -> bool:
    environment_id, attempt = claim
    is_ours = (Environment.id == environment_id) & (Environment.attempt == attempt)
    statement = update(Environment).where(is_ours, Environment.status == EnvironmentStatus.BUILDING)
    return changed(session, statement.values(**values)) == 1
