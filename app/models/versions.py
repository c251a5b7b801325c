"""The versions of a challenge: each uploaded bundle as it came, and the files of it that hosts may share."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base, Bytes, Key
from app.models.challenges import Challenge
from app.models.environments import Environment
from app.rules.states import VersionStatus


class BundleVersion(Base):
    """One uploaded bundle of a challenge: the zip as it came, and where its script and files lie."""

    __tablename__ = "bundle_version"
    __table_args__ = (UniqueConstraint("challenge_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    number: Mapped[int]
    status: Mapped[VersionStatus] = mapped_column(default=VersionStatus.WAITING)
    file_name: Mapped[str]
    file_key: Mapped[str] = mapped_column(Key)
    size: Mapped[int] = mapped_column(Bytes)
    sha256: Mapped[str] = mapped_column(Key)
    package_key: Mapped[str] = mapped_column(Key)
    files: Mapped[list[Any]] = mapped_column(default=list, deferred=True, deferred_group="contents")
    notes: Mapped[list[Any]] = mapped_column(default=list, deferred=True, deferred_group="contents")
    # the whole ChallengeSpec as read (app/bundles/spec_json.py); NULL for versions from before it was kept
    spec: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    # path in the bundle -> {"key", "sha256", "size"} of every file that a phase compares with
    annotations: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default="{}", deferred=True, deferred_group="contents"
    )
    logo_key: Mapped[str | None] = mapped_column(Key)
    # what the script needs beside Python, as app/bundles/requirements.py keeps it; None where nobody looked
    needs: Mapped[list[Any] | None] = mapped_column(deferred=True, deferred_group="contents")
    # the server's own packages are used where there is none, and until it was built for the first time
    environment_id: Mapped[int | None] = mapped_column(ForeignKey("environment.id"), index=True)
    # what it changed when it was uploaded (Change.to_row), in the order of the page
    changes: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]", deferred=True, deferred_group="contents"
    )
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[datetime | None]

    challenge: Mapped[Challenge] = relationship(back_populates="versions", foreign_keys=[challenge_id])
    uploaded_by: Mapped[Account] = relationship(foreign_keys=[uploaded_by_id])
    environment: Mapped[Environment | None] = relationship()
    assets: Mapped[list["BundleAsset"]] = relationship(back_populates="version", order_by="BundleAsset.path")


class BundleAsset(Base):
    """A file of a bundle beside the configuration, the script and the annotations.

    Nobody but hosts sees it until a host shares it; a picture that the bundle's own pages show is shared with them.
    """

    __tablename__ = "bundle_asset"
    __table_args__ = (UniqueConstraint("version_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("bundle_version.id", ondelete="CASCADE"))
    path: Mapped[str]
    file_key: Mapped[str] = mapped_column(Key)
    size: Mapped[int] = mapped_column(Bytes)
    sha256: Mapped[str] = mapped_column(Key)
    # of a picture the pages show; None for every other file
    image_type: Mapped[str | None]
    is_shared: Mapped[bool] = mapped_column(default=False)

    version: Mapped[BundleVersion] = relationship(back_populates="assets")
