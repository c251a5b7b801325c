"""Asking for trials: the script of a version loaded, a file scored for a phase; off every board and quota."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.extensions import store, writing
from app.models.accounts import Account
from app.models.trials import Trial
from app.models.versions import BundleVersion
from app.queries import trial_runs, trials
from app.queries.trials import KnownFile
from app.rules.errors import N_, Conflict, Invalid
from app.rules.failures import FailureCode
from app.rules.files import check_file
from app.rules.names import safe_file_name
from app.rules.states import SubmissionStatus
from app.services import audit
from app.services.kept_files import named_or_discarded
from app.storage import IncomingFile

# of a phase, besides the one that waits or runs
KEPT = 5


def add_first(
    session: Session, version: BundleVersion, *, samples: Mapping[str, KnownFile], by: Account, now: datetime
) -> None:
    """Queue the trials of a new version in its own transaction: the script, and each phase that has a sample."""
    session.add(_row(version, None, None, by=by, now=now))
    session.add_all(_row(version, codename, file, by=by, now=now) for codename, file in samples.items())


def look_again(session: Session, version: BundleVersion, *, now: datetime) -> None:
    """Queue in a new environment, in the transaction of that, whether a script loads and the phases that failed."""
    waiting = trial_runs.open_of(version.id, None)
    if waiting is None or waiting.status is SubmissionStatus.RUNNING:
        session.add(_row(version, None, None, by=version.uploaded_by, now=now))
    for it in trials.of_version(version).phases:
        last = it.latest
        if last is not None and last.status is SubmissionStatus.FAILED and last.file_key is not None:
            file = KnownFile(ref="", key=last.file_key, name=last.file_name, size=last.size, is_sample=last.is_sample)
            session.add(_row(version, last.codename, file, by=last.asked_by, now=now))


def check_script(version: BundleVersion, *, by: Account, now: datetime) -> Trial:
    """Queue a look whether the script loads; Conflict while one waits or runs."""
    return _ask(version, None, None, by=by, now=now)


def send(
    version: BundleVersion, codename: str, *, file: IncomingFile, file_name: str, by: Account, now: datetime
) -> Trial:
    """Keep a file that the host sent and queue its trial; raises as `repeat` does. It is kept only with its row."""
    kept = store.keep(file)
    sent = KnownFile(ref="", key=kept.key, name=safe_file_name(file_name), size=kept.size, is_sample=False)
    with named_or_discarded(kept):
        return repeat(version, codename, file=sent, by=by, now=now)


def repeat(version: BundleVersion, codename: str, *, file: KnownFile, by: Account, now: datetime) -> Trial:
    """Queue the trial of a file that is in the store already.

    Raises Invalid for a phase that the version does not have and for a file it does not take, Conflict while another
    trial of the phase waits or runs.
    """
    phase = trials.phase_of(version, codename)
    if phase is None:
        raise Invalid(N_("This version has no phase %(codename)s."), codename=codename)
    check_file(phase.kinds, name=file.name, size=file.size)
    return _ask(version, codename, file, by=by, now=now)


def _ask(version: BundleVersion, codename: str | None, file: KnownFile | None, *, by: Account, now: datetime) -> Trial:
    with writing() as session:
        if trial_runs.open_of(version.id, codename) is not None:
            raise Conflict(N_("A trial of this is running. Wait until it has finished, or stop it."))
        session.execute(delete(Trial).where(Trial.id.in_(trial_runs.over_of(version.id, codename)[KEPT - 1 :])))
        made = _row(version, codename, file, by=by, now=now)
        session.add(made)
        details = {"version": version.number, "phase": codename, "file": file.name if file else None}
        subject = version.challenge.slug
        audit.record(session, by=by, action="challenge.tried", subject=subject, details=details, now=now)
    return made


def _row(version: BundleVersion, codename: str | None, file: KnownFile | None, *, by: Account, now: datetime) -> Trial:
    made = Trial(version_id=version.id, codename=codename, asked_by_id=by.id, asked_at=now)
    if file is not None:
        made.file_name, made.file_key, made.size, made.is_sample = file.name, file.key, file.size, file.is_sample
    return made


def stop(trial: Trial, *, now: datetime) -> None:
    """Take a waiting or running trial out; its process is killed within a second. Conflict when it is over already."""
    with writing() as session:
        session.refresh(trial)
        if trial.status.is_over:
            raise Conflict(N_("The trial has already finished."))
        trial.status, trial.failure = SubmissionStatus.CANCELLED, FailureCode.CANCELLED
        trial.worker = trial.lease_until = None
        trial.completed_at = now
