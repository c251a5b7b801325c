"""Hosting: bring a bundle, see what it says, publish it, look after its submissions."""

import tempfile
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, send_file, session, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.bundles.check import CheckedBundle, check
from app.bundles.problems import Problem
from app.extensions import store
from app.models.challenges import Challenge
from app.queries import challenges, script_failures, team_lists, trials, uploads, version_scores, versions
from app.rules.errors import N_, DomainError, NotAllowed, NotFound
from app.rules.permissions import may_host
from app.services import bundles, examples, exports
from app.services import challenges as challenge_services
from app.storage import IncomingFile
from app.tasks.evaluate import ring
from app.web.access import Access, open_to, refuse_too_large
from app.web.asked import is_on
from app.web.auth import account_at_browser, signed_in_account
from app.web.challenges import page
from app.web.downloads import csv_download, download
from app.web.forms.hosting import BundleForm
from app.web.fragments import piece_or_redirect
from app.web.loading import PREVIEW, hosted_challenge
from app.web.locale import server_zone_name
from app.web.settings import current_site, settings
from app.web.submission_lists import last_page, list_values, table_of, wanted
from app.web.uploads import keep_for_missing_files

bp = Blueprint("hosting", __name__)


@bp.get("/hosting")
@open_to(Access.SIGNED_IN)
def index() -> str:
    account = account_at_browser()
    hosted = challenges.hosted_by(account)
    return render_template(
        "hosting/index.html",
        challenges=hosted,
        waiting_teams=team_lists.waiting(it.id for it in hosted),
        waiting=uploads.for_new_challenges(account),
        now=clock.now(),
    )


@bp.app_context_processor
def _values() -> dict[str, bool]:
    return {"may_host": _may_host()}


def _may_host() -> bool:
    account = signed_in_account()
    return account is not None and may_host(
        policy=current_site().hosting, is_admin=account.is_admin, named=account.may_host
    )


def _stop_unless_may_host() -> None:
    # before a stranger's zip is unpacked and read; the service asks again when it stores
    if not _may_host():
        raise NotAllowed(N_("On this server only people chosen by an administrator may host. Ask the administrator."))


@bp.get("/hosting/new")
@open_to(Access.SIGNED_IN)
def new() -> str:
    _stop_unless_may_host()
    return _form_page(BundleForm())


@bp.post("/hosting/new")
@open_to(Access.SIGNED_IN, upload="bundle")
def upload() -> ResponseReturnValue:
    _stop_unless_may_host()
    form = BundleForm()
    if not form.validate_on_submit():
        return _form_page(form), 422
    incoming: IncomingFile = form.file.data.stream
    refuse_too_large(incoming, "bundle")
    incoming.flush_to_disk()
    try:
        with tempfile.TemporaryDirectory(dir=store.parts) as work_dir:
            checked = check(incoming.path, work_dir=Path(work_dir), default_zone=server_zone_name())
            if not checked.ok:
                return _show_problems(form, checked.problems)
            challenge = _import(checked, incoming, form.file.data.filename or "challenge.zip")
    except DomainError as problem:
        form.refused(problem)
        return _form_page(form), 422
    # the first trials wait already
    ring()
    return redirect(url_for(".show", slug=challenge.slug), 303)


@bp.get("/hosting/examples/<name>")
@open_to(Access.SIGNED_IN)
def example(name: str) -> Response:
    """Hand out a complete challenge to begin from."""
    _stop_unless_may_host()
    response = Response(examples.bundle_of(name))
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.zip")
    return download(response)


def _show_problems(form: BundleForm, problems: list[Problem]) -> ResponseReturnValue:
    """Ask for the files that are missing where nothing else is wrong; list what is wrong otherwise."""
    waiting = keep_for_missing_files(form.file.data.stream, form.file.data.filename or "challenge.zip", problems)
    if waiting is not None:
        return redirect(url_for("uploads.show", upload_id=waiting.id), 303)
    return _form_page(form, problems), 422


def _import(checked: CheckedBundle, incoming: IncomingFile, name: str) -> Challenge:
    return bundles.import_bundle(
        checked, zip_path=incoming.path, file_name=name, by=account_at_browser(), now=clock.now()
    )


def _form_page(form: BundleForm, problems: list[Problem] | None = None) -> str:
    return render_template(
        "hosting/new.html",
        form=form,
        problems=problems or [],
        most_bytes=settings().max_bundle_bytes,
        zone=server_zone_name(),
    )


@bp.get("/challenges/<slug>/manage")
@open_to(Access.SIGNED_IN)
def show(slug: str) -> str:
    seen = hosted_challenge(slug)
    version = seen.challenge.version
    if version is None:
        raise NotFound
    return page(
        "hosting/show.html",
        seen,
        tab="manage",
        version=version,
        trials=trials.of_version(version),
        waiting=versions.waiting(seen.challenge),
        waiting_teams=team_lists.waiting([seen.challenge.id]),
        failing=script_failures.alarming(seen.challenge.phases),
        pending=uploads.for_challenge(account_at_browser(), seen.challenge.id),
        files_version=versions.of_challenge(seen.challenge.id)[0],
        scored_before=version_scores.scored_otherwise(seen.challenge),
    )


@bp.post("/challenges/<slug>/manage/preview")
@open_to(Access.SIGNED_IN)
def set_preview(slug: str) -> ResponseReturnValue:
    """Show the challenge's pages to this browser as participants see them, or as who runs it again."""
    seen = hosted_challenge(slug)
    if is_on():
        session[PREVIEW] = seen.challenge.id
        return redirect(url_for("challenges.show", slug=slug), 303)
    session.pop(PREVIEW, None)
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/challenges/<slug>/manage/published")
@open_to(Access.SIGNED_IN)
def set_published(slug: str) -> ResponseReturnValue:
    seen = hosted_challenge(slug)
    challenge_services.publish(seen.challenge, published=is_on(), by=account_at_browser(), now=clock.now())
    html = render_template("hosting/_published.html", challenge=seen.challenge)
    return piece_or_redirect(html, to=url_for(".show", slug=slug))


@bp.get("/challenges/<slug>/manage/bundle")
@open_to(Access.SIGNED_IN)
def bundle(slug: str) -> Response:
    version = hosted_challenge(slug).challenge.version
    if version is None:
        raise NotFound
    return download(send_file(store.open(version.file_key), "application/zip", True, version.file_name))


@bp.get("/challenges/<slug>/manage/export")
@open_to(Access.SIGNED_IN)
def export(slug: str) -> Response:
    challenge = hosted_challenge(slug).challenge
    with tempfile.TemporaryDirectory(dir=store.parts) as folder:
        path = Path(folder) / "bundle.zip"
        exports.export_bundle(challenge, into=path)
        size = path.stat().st_size
        file = path.open("rb")  # it stays readable when its name is gone, and is gone when it was sent
    answer = download(send_file(file, "application/zip", as_attachment=True, download_name=f"{slug}.zip"))
    answer.content_length = size
    return answer


@bp.get("/challenges/<slug>/manage/submissions")
@open_to(Access.SIGNED_IN)
def all_submissions(slug: str) -> ResponseReturnValue:
    seen = hosted_challenge(slug)
    values = list_values(seen, team_id=None)
    if not values["submissions"] and values["page_number"] > 1:
        last = last_page(seen, team_id=None)
        return redirect(url_for(".all_submissions", slug=slug, **values["address"], page=last), 303)
    return page("hosting/submissions.html", seen, tab="manage", **values)


@bp.get("/challenges/<slug>/manage/submissions/csv")
@open_to(Access.SIGNED_IN)
def submissions_csv(slug: str) -> Response:
    challenge = hosted_challenge(slug).challenge
    return csv_download(table_of(challenge.id, wanted()), name=f"{slug}-submissions.csv")
