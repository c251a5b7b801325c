"""Uploads that lack files: what is missing is sent here, everything is checked again, and imported when it is sound."""

import tempfile
from pathlib import Path

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.bundles.check import CheckedBundle, check
from app.bundles.problems import Problem
from app.bundles.supplying import missing_files, only_files_are_missing, pack_whole
from app.extensions import store
from app.models.challenges import Challenge
from app.models.uploads import BundleUpload
from app.rules.errors import NotAllowed
from app.services import bundles, uploads
from app.storage import IncomingFile
from app.tasks.evaluate import ring
from app.web.access import Access, open_to, refuse_too_large
from app.web.auth import account_at_browser
from app.web.forms.uploads import MissingFilesForm
from app.web.loading import own_upload
from app.web.locale import server_zone_name

bp = Blueprint("uploads", __name__, url_prefix="/hosting/uploads/<int:upload_id>")


def keep_for_missing_files(
    incoming: IncomingFile, name: str, problems: list[Problem], *, challenge: Challenge | None = None
) -> BundleUpload | None:
    """Keep a received zip that only lacks files until its uploader has sent them; None for every other zip.

    With a `challenge` the zip is a new version of it.
    """
    if not only_files_are_missing(problems):
        return None
    return uploads.keep(incoming, file_name=name, by=account_at_browser(), challenge=challenge, now=clock.now())


@bp.get("")
@open_to(Access.SIGNED_IN)
def show(upload_id: int) -> str:
    upload = own_upload(upload_id)
    with tempfile.TemporaryDirectory(dir=store.parts) as work_dir:
        checked = uploads.checked(upload, work_dir=Path(work_dir), default_zone=server_zone_name())
    return _page(upload, checked.problems)


@bp.post("")
@open_to(Access.SIGNED_IN, upload="bundle")
def supply(upload_id: int) -> ResponseReturnValue:
    upload = own_upload(upload_id)
    with tempfile.TemporaryDirectory(dir=store.parts) as work_dir:
        found = uploads.checked(upload, work_dir=Path(work_dir), default_zone=server_zone_name())
    form = MissingFilesForm.asking_for(missing_files(found.problems))
    if not form.validate_on_submit():
        return _page(upload, found.problems, form), 422
    for file in form.received.values():
        refuse_too_large(file, "bundle")
    uploads.supply(upload, form.received)
    with tempfile.TemporaryDirectory(dir=store.parts) as folder:
        return _import_or_show(upload, Path(folder))


def _import_or_show(upload: BundleUpload, folder: Path) -> ResponseReturnValue:
    """Import the upload with what was supplied; the zip that is kept holds it, and is the one that was checked."""
    whole = folder / "whole.zip"
    checked = _checked_whole(upload, folder, whole)
    if not checked.ok:
        return _page(upload, checked.problems), 422
    uploads.make_whole(upload, whole)
    if upload.challenge is not None:
        return redirect(url_for("versions.changes", slug=upload.challenge.slug, upload_id=upload.id), 303)
    try:
        made = bundles.import_upload(upload, checked, by=account_at_browser(), now=clock.now())
    except NotAllowed as problem:
        form = MissingFilesForm.asking_for(()).refused(problem)
        return _page(upload, checked.problems, form), 422
    ring()
    return redirect(url_for("hosting.show", slug=made.slug), 303)


def _checked_whole(upload: BundleUpload, folder: Path, whole: Path) -> CheckedBundle:
    first, second = folder / "first", folder / "second"
    first.mkdir()
    second.mkdir()
    checked = uploads.checked(upload, work_dir=first, default_zone=server_zone_name())
    if not checked.ok:
        return checked
    pack_whole(checked, whole)
    return check(whole, work_dir=second, default_zone=server_zone_name())


@bp.post("/withdraw")
@open_to(Access.SIGNED_IN)
def withdraw(upload_id: int) -> ResponseReturnValue:
    upload = own_upload(upload_id)
    slug = upload.challenge.slug if upload.challenge else None
    uploads.withdraw(upload)
    return redirect(url_for("versions.new", slug=slug) if slug else url_for("hosting.new"), 303)


def _page(upload: BundleUpload, problems: list[Problem], form: MissingFilesForm | None = None) -> str:
    missing = missing_files(problems)
    return render_template(
        "hosting/upload.html",
        upload=upload,
        problems=problems,
        form=form or MissingFilesForm.asking_for(missing),
        can_go_on=only_files_are_missing(problems),
    )
