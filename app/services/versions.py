"""New versions of a challenge: confirmed by its host, put live by an administrator, taken back or rejected."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.bundles.changes import Change, fingerprint, needs_approval
from app.bundles.check import CheckedBundle
from app.extensions import store, writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.uploads import BundleUpload
from app.models.versions import BundleAsset, BundleVersion
from app.queries import challenges, versions
from app.rules.errors import N_, Conflict, Invalid, NotAllowed
from app.rules.states import VersionStatus
from app.services import assets, audit, environments, structure, trials, uploads
from app.services.kept_files import KeptFiles, kept, kept_copy


def confirm(
    upload: BundleUpload, checked: CheckedBundle, *, shown: str, agreed: bool, by: Account, now: datetime
) -> BundleVersion:
    """Make a version of an upload whose changes its host has seen and confirmed.

    What touches no scoring is live at once; the rest waits for approval while the version before it stays live.
    `shown` is the fingerprint of the changes that the page showed; `agreed` says yes to what removes or renames
    something that holds submissions. Raises Conflict when the challenge changed meanwhile, Invalid without a yes.
    """
    if upload.challenge is None:
        raise ValueError("this upload is for a new challenge")
    challenge, upload_id, base, name = upload.challenge, upload.id, upload.base_version_id, upload.file_name
    with kept(checked) as files, _adding(challenge, files, by=by) as (session, changes):
        newest = versions.of_challenge(challenge.id)[0]
        if newest.id != base or fingerprint(changes) != shown:
            raise Conflict(N_("The challenge changed since you looked. Upload the zip again and look at what changes."))
        if not agreed and versions.held(challenge, files.spec):
            raise Invalid(
                N_("This version removes or renames something that has submissions. Tick the box to confirm."), "agreed"
            )
        version = files.version(checked, uploads.take(session, upload_id), file_name=name, by=by, now=now)
        _add(session, challenge, version, files, changes, by=by, now=now)
    return version


def update_from_console(
    challenge: Challenge, checked: CheckedBundle, *, zip_path: Path, file_name: str, by: Account, now: datetime
) -> BundleVersion:
    """Make a version of a zip for the operator at the machine's own console, who has asked for whatever it changes."""
    with kept(checked) as files, kept_copy(zip_path) as bundle, _adding(challenge, files, by=by) as (session, changes):
        version = files.version(checked, bundle, file_name=file_name, by=by, now=now)
        _add(session, challenge, version, files, changes, by=by, now=now)
    return version


@contextmanager
def _adding(challenge: Challenge, files: KeptFiles, *, by: Account) -> Iterator[tuple[Session, list[Change]]]:
    """Begin the transaction of a new version with what it changes; refuse who may not, and what changes nothing."""
    contents = versions.contents_of(files.spec, files.root, script=store.package(files.package_key))
    with writing() as session:
        if not by.is_active or not challenges.standpoint(challenge.id, by).runs_it:
            raise NotAllowed(N_("Only hosts of this challenge can upload a new version of it."))
        changes = versions.changes(challenge, files.spec, contents)
        if not changes:
            raise Conflict(N_("This zip changes nothing: the challenge already has the same contents."))
        yield session, changes


def _add(
    session: Session,
    challenge: Challenge,
    version: BundleVersion,
    files: KeptFiles,
    changes: list[Change],
    *,
    by: Account,
    now: datetime,
) -> None:
    newest = versions.of_challenge(challenge.id)[0]
    version.challenge_id, version.number = challenge.id, newest.number + 1
    version.changes = [it.to_row() for it in changes]
    version.environment_id = environments.fitting(version, before=challenge.version or newest)
    waits = challenge.is_approved and needs_approval(changes)
    version.status = VersionStatus.APPROVED if challenge.is_approved and not waits else VersionStatus.WAITING
    _replace_waiting(challenge)
    session.add(version)
    session.flush()
    session.add_all(_assets(files, version, before=newest))
    structure.apply_settings(session, challenge, files.spec, logo=files.logo_key)
    if not waits:
        challenge.version_id = version.id
        structure.apply_scoring(session, challenge, version, files.spec, now=now)
    trials.add_first(session, version, samples=files.samples, by=by, now=now)
    details = {"version": version.number, "sha256": version.sha256, "changes": len(changes), "waits": waits}
    audit.record(session, by=by, action="version.uploaded", subject=challenge.slug, details=details, now=now)


def _replace_waiting(challenge: Challenge) -> None:
    for it in versions.of_challenge(challenge.id):
        if it.status is VersionStatus.WAITING:
            it.status = VersionStatus.REPLACED


def _assets(files: KeptFiles, version: BundleVersion, *, before: BundleVersion) -> list[BundleAsset]:
    """Return the rows of further files; what was shared stays shared, what was ever an annotation never is offered."""
    shared = {it.path: it.is_shared for it in challenges.assets(before.id)}
    secret = versions.annotation_hashes(version.challenge_id)
    offered = {path: file for path, file in files.assets.items() if file.sha256 not in secret}
    rows = assets.rows(files.spec, offered, root=files.root, version_id=version.id)
    for row in rows:
        row.is_shared = shared.get(row.path, row.is_shared)
    return rows


def approve(version: BundleVersion, *, by: Account, now: datetime) -> None:
    """Put a waiting version live: the next submission is evaluated by it. Conflict when it waits no longer."""
    with writing() as session:
        _decide(version, by=by)
        put_live(session, version, now=now)
        version.reviewed_by_id = by.id
        _record(session, version, "version.approved", by=by, now=now)


def put_live(session: Session, version: BundleVersion, *, now: datetime) -> None:
    """Make a version the one that evaluates, in the caller's transaction: script, annotations and boards at once."""
    challenge, spec = version.challenge, challenges.spec_of(version)
    if spec is None:
        raise Conflict(N_("The contents of this version are no longer available. Upload its zip again."))
    version.status, version.reviewed_at = VersionStatus.APPROVED, now
    challenge.version_id, challenge.is_approved = version.id, True
    structure.apply_scoring(session, challenge, version, spec, now=now)


def reject(version: BundleVersion, *, by: Account, now: datetime) -> None:
    """Leave the live version as it is; Conflict when the other one waits no longer."""
    with writing() as session:
        _decide(version, by=by)
        version.status, version.reviewed_by_id, version.reviewed_at = VersionStatus.REJECTED, by.id, now
        _record(session, version, "version.rejected", by=by, now=now)


def take_back(version: BundleVersion, *, by: Account, now: datetime) -> None:
    """Let a waiting version wait no longer; Conflict when it was decided on meanwhile."""
    with writing() as session:
        _check_waits(version)
        version.status = VersionStatus.TAKEN_BACK
        _record(session, version, "version.taken_back", by=by, now=now)


def _decide(version: BundleVersion, *, by: Account) -> None:
    if not by.is_admin:
        raise NotAllowed(N_("Only an administrator can approve challenges."))
    _check_waits(version)


def _check_waits(version: BundleVersion) -> None:
    if version.status is not VersionStatus.WAITING or version.id == version.challenge.version_id:
        raise Conflict(N_("This version is no longer waiting for approval. Look at it again."))


def _record(session: Session, version: BundleVersion, action: str, *, by: Account, now: datetime) -> None:
    details = {"version": version.number, "sha256": version.sha256}
    audit.record(session, by=by, action=action, subject=version.challenge.slug, details=details, now=now)
