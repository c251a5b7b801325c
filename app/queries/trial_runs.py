"""Trials as the worker and upkeep need them: whose turn it is, what runs, what was given up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.trials import Trial
from app.queries.environments import BEING_BUILT
from app.rules.states import OPEN, SubmissionStatus


def to_run(trial_id: int) -> Trial | None:
    """Return a trial with what its run needs."""
    wanted = select(Trial).where(Trial.id == trial_id)
    return db.session.scalar(wanted.options(joinedload(Trial.version), joinedload(Trial.asked_by)))


def open_of(version_id: int, codename: str | None) -> Trial | None:
    """Return the trial of a phase, or of the script, that waits or runs."""
    return db.session.scalar(select(Trial).where(_same(version_id, codename), Trial.status.in_(OPEN)))


def over_of(version_id: int, codename: str | None) -> Sequence[int]:
    """Return the ids of a phase's trials that are over, the newest first."""
    over = select(Trial.id).where(_same(version_id, codename), Trial.status.not_in(OPEN))
    return db.session.scalars(over.order_by(Trial.id.desc())).all()


def _same(version_id: int, codename: str | None) -> ColumnElement[bool]:
    same = Trial.codename.is_(None) if codename is None else Trial.codename == codename
    return (Trial.version_id == version_id) & same


def next_waiting() -> int | None:
    """Return the id of the trial whose turn it is; those of a version whose environment is being built wait."""
    is_ready = (Trial.status == SubmissionStatus.QUEUED) & Trial.version_id.not_in(BEING_BUILT)
    return db.session.scalar(select(func.min(Trial.id)).where(is_ready))


def waiting() -> int:
    """Count the trials that wait for a worker."""
    return db.session.scalar(select(func.count()).where(Trial.status == SubmissionStatus.QUEUED)) or 0


def running() -> list[tuple[int, int]]:
    """Return id and attempt of every running trial."""
    found = db.session.execute(select(Trial.id, Trial.attempt).where(Trial.status == SubmissionStatus.RUNNING))
    return [(row.id, row.attempt) for row in found]


def lapsed(now: datetime) -> list[tuple[int, int]]:
    """Return id and attempt of the running trials whose worker has not been heard of in time."""
    is_lapsed = (Trial.status == SubmissionStatus.RUNNING) & (Trial.lease_until < now)
    return [(row.id, row.attempt) for row in db.session.execute(select(Trial.id, Trial.attempt).where(is_lapsed))]


def file_keys() -> set[str]:
    """Return the key of every file that was tried."""
    return {key for key in db.session.scalars(select(Trial.file_key)) if key}
