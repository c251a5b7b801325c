"""Uploads between two pages: kept for their uploader, given what they lack, checked again, forgotten after a day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.bundles.archive import open_bundle
from app.bundles.check import CheckedBundle, check_folder, supplied
from app.bundles.folder import BundleFiles
from app.bundles.problems import BundleRefused
from app.extensions import store, writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.uploads import BundleUpload
from app.queries import uploads
from app.rules.errors import N_, Conflict
from app.rules.names import safe_file_name
from app.services.kept_files import kept_copy, named_or_discarded
from app.storage import COPY_BYTES, IncomingFile, StoredFile

LIFETIME = timedelta(days=1)
MOST_OF_A_PERSON = 3
GONE = N_("This upload has already been used, or is more than a day old. Upload the zip again.")


def keep(
    file: IncomingFile, *, file_name: str, by: Account, challenge: Challenge | None = None, now: datetime
) -> BundleUpload:
    """Keep a received zip for its uploader's next step; a person's oldest upload makes room for a fourth."""
    kept = store.keep(file)
    with named_or_discarded(kept), writing() as session:
        newest = challenge.versions[-1].id if challenge is not None and challenge.versions else None
        made = BundleUpload(
            account_id=by.id,
            challenge_id=challenge.id if challenge is not None else None,
            base_version_id=newest,
            file_name=safe_file_name(file_name),
            file_key=kept.key,
            size=kept.size,
            sha256=kept.sha256,
            supplied={},
            created_at=now,
        )
        session.add(made)
        session.flush()
        outdated = _removed(session, *uploads.all_of(by.id)[MOST_OF_A_PERSON:])
    _discard(outdated)
    return made


def supply(upload: BundleUpload, files: Mapping[str, IncomingFile]) -> None:
    """Put files, by their paths in the bundle, to an upload that lacks them; one that is there already is replaced."""
    kept = {path: store.keep(file) for path, file in files.items()}
    with named_or_discarded(*kept.values()), writing() as session:
        upload = _still_there(session, upload.id)
        replaced = [upload.supplied[path]["key"] for path in kept if path in upload.supplied]
        upload.supplied = {**upload.supplied, **{path: _described(file) for path, file in kept.items()}}
    _discard(replaced)


def checked(upload: BundleUpload, *, work_dir: Path, default_zone: str) -> CheckedBundle:
    """Check an upload with what was supplied to it; see `app.bundles.check.check`. Raises Conflict when it is gone."""
    try:
        files = open_bundle(store.path(upload.file_key), work_dir / "bundle")
    except FileNotFoundError as gone:
        raise Conflict(GONE) from gone
    except BundleRefused as refusal:
        return CheckedBundle(None, refusal.problems)
    for path, file in upload.supplied.items():
        files = _with(files, path, key=file["key"])
    return check_folder(files, work_dir=work_dir, default_zone=default_zone)


def _with(files: BundleFiles, path: str, *, key: str) -> BundleFiles:
    target = files.on_disk(path)
    if not target.resolve().is_relative_to(files.root.resolve()):
        raise ValueError(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with store.open(key) as source, target.open("wb") as copy:
        while block := source.read(COPY_BYTES):
            copy.write(block)
    return supplied(files, path)


def make_whole(upload: BundleUpload, whole: Path) -> None:
    """Put a zip that holds what was supplied in the place of the one that lacked it."""
    with kept_copy(whole) as kept, writing() as session:
        upload = _still_there(session, upload.id)
        replaced = [upload.file_key, *(file["key"] for file in upload.supplied.values())]
        upload.file_key, upload.size, upload.sha256 = kept.key, kept.size, kept.sha256
        upload.supplied = {}
    _discard(replaced)


def withdraw(upload: BundleUpload) -> None:
    """Forget an upload and its files; Conflict when it is gone already."""
    with writing() as session:
        keys = _removed(session, _still_there(session, upload.id))
    _discard(keys)


def forget_stale(*, now: datetime) -> int:
    """Forget the uploads nobody went on with for a day, and return how many there were."""
    with writing() as session:
        stale = uploads.made_before(now - LIFETIME)
        keys = _removed(session, *stale)
    _discard(keys)
    return len(stale)


def take(session: Session, upload_id: int) -> StoredFile:
    """End an upload inside the transaction that makes a version of it: the version takes the zip over as it lies.

    Raises Conflict when it was forgotten or taken meanwhile. Supplied files are the caller's to put into the version
    before; upkeep removes those that nobody names any more.
    """
    upload = _still_there(session, upload_id)
    taken = StoredFile(key=upload.file_key, size=upload.size, sha256=upload.sha256)
    session.delete(upload)
    session.flush()
    return taken


def _still_there(session: Session, upload_id: int) -> BundleUpload:
    """Return an upload as it is under the lock; Conflict when a second click, another tab or upkeep ended it."""
    upload = session.get(BundleUpload, upload_id, populate_existing=True)
    if upload is None:
        raise Conflict(GONE)
    return upload


def _described(file: StoredFile) -> dict[str, str | int]:
    return {"key": file.key, "size": file.size, "sha256": file.sha256}


def _removed(session: Session, *gone: BundleUpload) -> list[str]:
    """Delete rows and return the keys of their files, which are discarded when that is committed."""
    keys = [key for it in gone for key in (it.file_key, *(file["key"] for file in it.supplied.values()))]
    for it in gone:
        session.delete(it)
    return keys


def _discard(keys: list[str]) -> None:
    for key in keys:
        store.discard(key)
