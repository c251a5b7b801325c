"""New versions of a challenge: upload one, see what it changes, confirm it; an administrator puts it live."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint, Response, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.bundles.changes import needs_approval
from app.bundles.check import CheckedBundle, check
from app.bundles.problems import Problem
from app.bundles.supplying import only_files_are_missing
from app.extensions import store
from app.models.uploads import BundleUpload
from app.queries import version_scores
from app.queries import versions as version_queries
from app.rules.errors import DomainError
from app.services import uploads, versions
from app.storage import IncomingFile
from app.tasks.evaluate import ring
from app.web.access import Access, open_to, refuse_too_large
from app.web.answers import refused
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.confirmation import confirmed
from app.web.downloads import download
from app.web.forms.hosting import BundleForm
from app.web.forms.versions import ConfirmForm
from app.web.loading import SeenChallenge, hosted_challenge, hosted_version, upload_of
from app.web.locale import server_zone_name
from app.web.settings import settings
from app.web.uploads import keep_for_missing_files

bp = Blueprint("versions", __name__)

MANAGE = "/challenges/<slug>/manage"
UPDATE = f"{MANAGE}/update"


@bp.get(f"{MANAGE}/versions")
@open_to(Access.SIGNED_IN)
def index(slug: str) -> str:
    seen = hosted_challenge(slug)
    listed = version_queries.of_challenge(seen.challenge.id)
    scored = version_scores.scored_by(seen.challenge.id)
    return page("versions/index.html", seen, tab="manage", versions=listed, scored=scored)


@bp.get(f"{MANAGE}/versions/<int:number>/bundle")
@open_to(Access.SIGNED_IN)
def bundle(slug: str, number: int) -> Response:
    version = hosted_version(slug, number).version
    return download(send_file(store.open(version.file_key), "application/zip", True, version.file_name))


@bp.get(UPDATE)
@open_to(Access.SIGNED_IN)
def new(slug: str) -> str:
    return _form_page(hosted_challenge(slug), BundleForm())


@bp.post(UPDATE)
@open_to(Access.SIGNED_IN, upload="bundle")
def upload(slug: str) -> ResponseReturnValue:
    seen, form = hosted_challenge(slug), BundleForm()
    if not form.validate_on_submit():
        return _form_page(seen, form), 422
    incoming: IncomingFile = form.file.data.stream
    refuse_too_large(incoming, "bundle")
    incoming.flush_to_disk()
    with tempfile.TemporaryDirectory(dir=store.parts) as work_dir:
        checked = check(incoming.path, work_dir=Path(work_dir), default_zone=server_zone_name())
    name = form.file.data.filename or "challenge.zip"
    if not checked.ok:
        lacking = keep_for_missing_files(incoming, name, checked.problems, challenge=seen.challenge)
        if lacking is not None:
            return redirect(url_for("uploads.show", upload_id=lacking.id), 303)
        return _form_page(seen, form, checked.problems), 422
    by, now = account_at_browser(), clock.now()
    made = uploads.keep(incoming, file_name=name, by=by, challenge=seen.challenge, now=now)
    return redirect(url_for(".changes", slug=slug, upload_id=made.id), 303)


def _form_page(seen: SeenChallenge, form: BundleForm, problems: list[Problem] | None = None) -> str:
    return page(
        "versions/new.html",
        seen,
        tab="manage",
        form=form,
        problems=problems or [],
        most_bytes=settings().max_bundle_bytes,
        zone=server_zone_name(),
    )


@bp.get(f"{UPDATE}/<int:upload_id>")
@open_to(Access.SIGNED_IN)
def changes(slug: str, upload_id: int) -> ResponseReturnValue:
    seen, found = upload_of(slug, upload_id)
    with _unpacked(found) as checked:
        if only_files_are_missing(checked.problems):
            return redirect(url_for("uploads.show", upload_id=upload_id), 303)
        return _changes_page(seen, found, checked, ConfirmForm())


@bp.post(f"{UPDATE}/<int:upload_id>")
@open_to(Access.SIGNED_IN)
def confirm(slug: str, upload_id: int) -> ResponseReturnValue:
    seen, found = upload_of(slug, upload_id)
    form, by, now = ConfirmForm(), account_at_browser(), clock.now()
    with _unpacked(found) as checked:
        if not checked.ok:
            return _changes_page(seen, found, checked, form), 422
        try:
            shown, agreed = form.shown.data or "", form.agreed.data
            versions.confirm(found, checked, shown=shown, agreed=agreed, by=by, now=now)
        except DomainError as problem:
            return refused(_changes_page(seen, found, checked, form.refused(problem)), problem)
    # the first trials of the version wait already
    ring()
    return redirect(url_for(".index", slug=slug), 303)


@bp.post(f"{UPDATE}/<int:upload_id>/withdraw")
@open_to(Access.SIGNED_IN)
def withdraw(slug: str, upload_id: int) -> ResponseReturnValue:
    _seen, found = upload_of(slug, upload_id)
    uploads.withdraw(found)
    return redirect(url_for("hosting.show", slug=slug), 303)


@contextmanager
def _unpacked(found: BundleUpload) -> Iterator[CheckedBundle]:
    """Unpack and check an upload again: nothing that an earlier page found is trusted."""
    with tempfile.TemporaryDirectory(dir=store.parts) as work_dir:
        yield uploads.checked(found, work_dir=Path(work_dir), default_zone=server_zone_name())


def _changes_page(seen: SeenChallenge, found: BundleUpload, checked: CheckedBundle, form: ConfirmForm) -> str:
    """Show what an upload changes, as it is compared now; a zip that cannot be read any more shows its problems."""
    if checked.spec is None or checked.root is None or checked.script_folder is None:
        return _form_page(seen, BundleForm(), checked.problems)
    challenge = seen.challenge
    contents = version_queries.contents_of(checked.spec, checked.root, script=checked.script_folder)
    listed = version_queries.changes(challenge, checked.spec, contents)
    form.show(listed)
    return page(
        "versions/changes.html",
        seen,
        tab="manage",
        form=form,
        upload=found,
        changes=listed,
        script=version_queries.changed_script(challenge, checked.script_folder),
        held=version_queries.held(challenge, checked.spec),
        waits=challenge.is_approved and needs_approval(listed),
        problems=checked.problems,
    )


@bp.post(f"{MANAGE}/versions/<int:number>/take-back")
@open_to(Access.SIGNED_IN)
def take_back(slug: str, number: int) -> ResponseReturnValue:
    versions.take_back(hosted_version(slug, number).version, by=account_at_browser(), now=clock.now())
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/admin/challenges/<slug>/versions/<int:number>/approve")
@open_to(Access.ADMIN)
@confirmed
def approve(slug: str, number: int) -> ResponseReturnValue:
    versions.approve(hosted_version(slug, number).version, by=account_at_browser(), now=clock.now())
    return redirect(url_for("admin.challenge", slug=slug), 303)


@bp.post("/admin/challenges/<slug>/versions/<int:number>/reject")
@open_to(Access.ADMIN)
@confirmed
def reject(slug: str, number: int) -> ResponseReturnValue:
    versions.reject(hosted_version(slug, number).version, by=account_at_browser(), now=clock.now())
    return redirect(url_for("admin.challenge", slug=slug), 303)
