"""Uploads that lie between two pages."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.accounts import Account
from app.models.uploads import BundleUpload


def own(upload_id: int, account: Account) -> BundleUpload | None:
    """Return an upload of this person; nobody else gets it, an administrator neither."""
    return db.session.scalar(
        select(BundleUpload).where(BundleUpload.id == upload_id, BundleUpload.account_id == account.id)
    )


def all_of(account_id: int) -> Sequence[BundleUpload]:
    """Return a person's uploads, newest first."""
    return db.session.scalars(
        select(BundleUpload).where(BundleUpload.account_id == account_id).order_by(BundleUpload.id.desc())
    ).all()


def for_new_challenges(account: Account) -> Sequence[BundleUpload]:
    """Return a person's uploads that wait for files before they become a challenge, newest first."""
    return [it for it in all_of(account.id) if it.challenge_id is None]


def for_challenge(account: Account, challenge_id: int) -> Sequence[BundleUpload]:
    """Return a person's uploads that are not yet a version of this challenge, newest first."""
    return [it for it in all_of(account.id) if it.challenge_id == challenge_id]


def made_before(moment: datetime) -> Sequence[BundleUpload]:
    """Return the uploads older than a moment."""
    return db.session.scalars(select(BundleUpload).where(BundleUpload.created_at < moment)).all()


def file_keys() -> set[str]:
    """Return the key of every file that belongs to an upload."""
    rows = db.session.execute(select(BundleUpload.file_key, BundleUpload.supplied)).all()
    return {row.file_key for row in rows} | {file["key"] for row in rows for file in row.supplied.values()}
