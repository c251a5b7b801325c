"""The logo of a challenge, put up, exchanged or taken down without a new upload of the bundle."""

from datetime import datetime
from typing import BinaryIO, cast

from sqlalchemy.orm import Session

from app.bundles.images import LARGEST_LOGO, WIDEST_LOGO, ImageHeader, read_header
from app.extensions import store, writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.rules.errors import N_, Invalid
from app.rules.files import MIB
from app.services import audit, editing, phase_rows
from app.services.kept_files import named_or_discarded
from app.storage import IncomingFile


def change(challenge: Challenge, *, file: IncomingFile, by: Account, now: datetime) -> None:
    """Show another logo from now on; Invalid for what is neither PNG nor JPEG, or too large.

    The one before stays in the store as long as a version names it.
    """
    header = _read(file)
    kept = store.keep(file)
    with named_or_discarded(kept), writing() as session:
        editing.check_runs(challenge, by)
        _put(session, challenge, kept.key, header, sha256=kept.sha256, by=by, now=now)


def remove(challenge: Challenge, *, by: Account, now: datetime) -> None:
    """Show none from now on."""
    with writing() as session:
        editing.check_runs(challenge, by)
        if challenge.logo is not None:
            _put(session, challenge, None, None, sha256=None, by=by, now=now)


def _read(file: IncomingFile) -> ImageHeader:
    file.seek(0)
    header = read_header(cast("BinaryIO", file))
    if header is None:
        raise Invalid(N_("This file is neither a PNG nor a JPEG image."), "file")
    if not header.fits(file.size):
        raise Invalid(
            N_("This image is too large: %(width)s × %(height)s pixels. Use at most %(most)s a side and %(mb)s MB."),
            "file",
            width=header.width,
            height=header.height,
            most=WIDEST_LOGO,
            mb=LARGEST_LOGO // MIB,
        )
    return header


def _put(
    session: Session,
    challenge: Challenge,
    key: str | None,
    header: ImageHeader | None,
    *,
    sha256: str | None,
    by: Account,
    now: datetime,
) -> None:
    challenge.logo = key
    challenge.extra = {**challenge.extra, **phase_rows.logo_extra(header)}
    details = {"sha256": sha256, "pixels": [header.width, header.height] if header else None}
    audit.record(session, by=by, action="logo.changed", subject=challenge.slug, details=details, now=now)
