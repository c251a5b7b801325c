"""Uploads that lie between two pages: a bundle that was checked and waits for its uploader's next step."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Bytes, Key
from app.models.challenges import Challenge


class BundleUpload(Base):
    """A zip that only its uploader can go on with: to supply missing files, or to confirm a new version.

    `challenge_id` is None for a challenge that does not exist yet; `base_version_id` is the newest version its
    uploader could know of.
    """

    __tablename__ = "bundle_upload"
    # a number is never given twice: a page that was left open must not go on with another upload
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("bundle_version.id", ondelete="SET NULL"))
    file_name: Mapped[str]
    file_key: Mapped[str] = mapped_column(Key)
    size: Mapped[int] = mapped_column(Bytes)
    sha256: Mapped[str] = mapped_column(Key)
    # path in the bundle -> {"key": str, "size": int, "sha256": str} of a file that the zip lacked
    supplied: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
    challenge: Mapped[Challenge | None] = relationship()
