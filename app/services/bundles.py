"""Bringing a bundle in as a new challenge: its files into the store, then all its rows in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.bundles.check import CheckedBundle
from app.bundles.spec import ChallengeSpec
from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge, ChallengeHost
from app.models.uploads import BundleUpload
from app.queries import challenges
from app.queries import site as site_queries
from app.rules.errors import N_, NotAllowed
from app.rules.names import bundle_stem, slugify
from app.rules.permissions import may_host
from app.rules.states import VersionStatus
from app.services import assets, audit, environments, phase_rows, structure, trials, uploads
from app.services.kept_files import KeptFiles, kept, kept_copy
from app.storage import StoredFile


def import_bundle(checked: CheckedBundle, *, zip_path: Path, file_name: str, by: Account, now: datetime) -> Challenge:
    """Make a waiting challenge of a sound bundle: files kept first, then all rows in one transaction.

    Raises NotAllowed when the person may not host. Files are discarded when the rows cannot be stored.
    """
    with kept(checked) as files, kept_copy(zip_path) as bundle, _hosting(by) as session:
        return _add(session, checked, files, bundle, file_name=file_name, by=by, now=now)


def import_upload(upload: BundleUpload, checked: CheckedBundle, *, by: Account, now: datetime) -> Challenge:
    """Do the same with an upload that lies here, and end it in the same transaction.

    Raises Conflict when a second click or upkeep ended it meanwhile.
    """
    upload_id, name = upload.id, upload.file_name
    with kept(checked) as files, _hosting(by) as session:
        bundle = uploads.take(session, upload_id)
        return _add(session, checked, files, bundle, file_name=name, by=by, now=now)


@contextmanager
def _hosting(by: Account) -> Iterator[Session]:
    with writing() as session:
        if not by.is_active or not may_host(
            policy=site_queries.site().hosting, is_admin=by.is_admin, named=by.may_host
        ):
            raise NotAllowed(
                N_("On this server only people chosen by an administrator may host. Ask the administrator.")
            )
        yield session


def _add(
    session: Session,
    checked: CheckedBundle,
    files: KeptFiles,
    bundle: StoredFile,
    *,
    file_name: str,
    by: Account,
    now: datetime,
) -> Challenge:
    challenge = _challenge(session, files, file_name=file_name, by=by, now=now)
    version = files.version(checked, bundle, file_name=file_name, by=by, now=now)
    version.challenge_id, version.number, version.status = challenge.id, 1, VersionStatus.WAITING
    version.environment_id = environments.fitting(version, before=None)
    session.add(version)
    session.flush()
    challenge.version_id = version.id
    session.add_all(assets.rows(files.spec, files.assets, root=files.root, version_id=version.id))
    structure.apply_scoring(session, challenge, version, files.spec, now=now)
    trials.add_first(session, version, samples=files.samples, by=by, now=now)
    audit.record(session, by=by, action="challenge.uploaded", subject=challenge.slug, details={}, now=now)
    return challenge


def _challenge(session: Session, files: KeptFiles, *, file_name: str, by: Account, now: datetime) -> Challenge:
    spec = files.spec
    challenge = Challenge(
        slug=_free_slug(spec, file_name=file_name),
        **phase_rows.challenge_texts(spec),
        is_published=spec.published,
        logo=files.logo_key,
        extra=phase_rows.challenge_extra(spec),
        created_at=now,
    )
    session.add(challenge)
    session.flush()
    session.add(ChallengeHost(challenge_id=challenge.id, account_id=by.id))
    return challenge


def _free_slug(spec: ChallengeSpec, *, file_name: str) -> str:
    """Find an address: out of the title, else out of the bundle's own `slug` or the name of its zip."""
    hints = (str(spec.ignored.get("slug") or ""), bundle_stem(file_name))
    fallback = next((found for hint in hints if (found := slugify(hint, fallback="")) and len(found) > 2), "challenge")
    wish = slugify(spec.title, fallback=fallback)
    slug, number = wish, 2
    while challenges.slug_is_taken(slug):
        slug, number = f"{wish}-{number}", number + 1
    return slug
