"""Trying a version out before anybody depends on it: what was tried, asking for more, a trial's own live page."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.extensions import store
from app.models.trials import Trial
from app.queries import trials as trial_queries
from app.rules.errors import Conflict, DomainError, NotFound
from app.rules.failures import FAILURES
from app.services import trials
from app.tasks.evaluate import ring
from app.web.access import Access, open_to, refuse_too_large
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.downloads import download, json_download
from app.web.forms.trials import KnownFileForm, OwnFileForm
from app.web.fragments import etagged
from app.web.loading import SeenVersion, hosted_trial, hosted_version
from app.web.settings import settings

bp = Blueprint("trials", __name__)

OF_VERSION = "/challenges/<slug>/manage/versions/<int:number>/trials"


@bp.get(OF_VERSION)
@open_to(Access.SIGNED_IN)
def index(slug: str, number: int) -> str:
    return _page(hosted_version(slug, number))


@bp.get(f"{OF_VERSION}/rows")
@open_to(Access.SIGNED_IN, fragment=True)
def rows(slug: str, number: int) -> Response:
    seen = hosted_version(slug, number)
    state = trial_queries.of_version(seen.version)
    html = render_template("trials/_table.html", challenge=seen.challenge, version=seen.version, trials=state)
    named = "-".join(f"{it.id}{it.status.value}{it.attempt}" for it in state.latest)
    return etagged(html, f'"trials-{seen.version.id}-{named}"')


@bp.post(f"{OF_VERSION}/script")
@open_to(Access.SIGNED_IN)
def check_script(slug: str, number: int) -> ResponseReturnValue:
    seen = hosted_version(slug, number)
    try:
        trials.check_script(seen.version, by=account_at_browser(), now=clock.now())
    except Conflict:
        current_app.logger.info("the script of version %s of %s is looked at already", number, slug)
    ring()
    return redirect(url_for(".index", slug=slug, number=number), 303)


@bp.post(f"{OF_VERSION}/known-file")
@open_to(Access.SIGNED_IN)
def try_known(slug: str, number: int) -> ResponseReturnValue:
    seen = hosted_version(slug, number)
    known = _known_form(seen)
    if not known.validate_on_submit():
        return _page(seen, known=known), 422
    file = next(it for it in trial_queries.files_of(seen.version) if it.ref == known.ref.data)
    try:
        made = trials.repeat(seen.version, known.codename.data, file=file, by=account_at_browser(), now=clock.now())
    except DomainError as problem:
        known.refused(problem)
        return _page(seen, known=known), 422
    ring()
    return redirect(url_for(".show", trial_id=made.id), 303)


@bp.post(f"{OF_VERSION}/own-file")
@open_to(Access.SIGNED_IN, upload="submission")
def try_own(slug: str, number: int) -> ResponseReturnValue:
    seen = hosted_version(slug, number)
    own = _own_form(seen)
    if not own.validate_on_submit():
        return _page(seen, own=own), 422
    refuse_too_large(own.received, "submission")
    try:
        made = trials.send(
            seen.version,
            own.codename.data,
            file=own.received,
            file_name=own.file_name,
            by=account_at_browser(),
            now=clock.now(),
        )
    except DomainError as problem:
        own.refused(problem)
        return _page(seen, own=own), 422
    ring()
    return redirect(url_for(".show", trial_id=made.id), 303)


def _known_form(seen: SeenVersion) -> KnownFileForm:
    form = KnownFileForm(prefix="known").offer(trial_queries.phases_of(seen.version))
    return form.offer_files(trial_queries.files_of(seen.version))


def _own_form(seen: SeenVersion) -> OwnFileForm:
    return OwnFileForm(prefix="own").offer(trial_queries.phases_of(seen.version))


def _page(seen: SeenVersion, *, known: KnownFileForm | None = None, own: OwnFileForm | None = None) -> str:
    return page(
        "trials/index.html",
        seen.seen,
        tab="manage",
        version=seen.version,
        trials=trial_queries.of_version(seen.version),
        known=known or _known_form(seen),
        own=own or _own_form(seen),
        most_bytes=settings().max_submission_bytes,
    )


@bp.get("/trials/<int:trial_id>")
@open_to(Access.SIGNED_IN)
def show(trial_id: int) -> str:
    trial, seen = hosted_trial(trial_id)
    return page("trials/show.html", seen.seen, tab="manage", **_state(trial))


@bp.get("/trials/<int:trial_id>/status")
@open_to(Access.SIGNED_IN, fragment=True)
def status(trial_id: int) -> Response:
    trial, _ = hosted_trial(trial_id)
    state = _state(trial)
    html = render_template("trials/_status.html", **state)
    return etagged(html, f'"trial-{trial.id}-{trial.status.value}-{trial.attempt}-{state["waits_for_packages"]}"')


def _state(trial: Trial) -> dict[str, Any]:
    environment = trial.version.environment
    return {
        "trial": trial,
        "waits_for_packages": environment is not None and environment.is_being_built,
        "version": trial.version,
        "phase": trial_queries.phase_of(trial.version, trial.codename),
        "reason": FAILURES[trial.failure] if trial.failure else None,
    }


@bp.post("/trials/<int:trial_id>/stop")
@open_to(Access.SIGNED_IN)
def stop(trial_id: int) -> ResponseReturnValue:
    trial, _ = hosted_trial(trial_id)
    try:
        trials.stop(trial, now=clock.now())
    except Conflict:
        current_app.logger.info("trial %s was over before it could be stopped", trial_id)
    return redirect(url_for(".show", trial_id=trial_id), 303)


@bp.get("/trials/<int:trial_id>/file")
@open_to(Access.SIGNED_IN)
def file(trial_id: int) -> Response:
    trial, _ = hosted_trial(trial_id)
    if trial.file_key is None:
        raise NotFound
    name = trial.file_name.rpartition("/")[2]
    return download(send_file(store.open(trial.file_key), "application/octet-stream", True, name))


@bp.get("/trials/<int:trial_id>/<any(stdout, stderr):stream>")
@open_to(Access.SIGNED_IN)
def log(trial_id: int, stream: str) -> Response:
    trial, _ = hosted_trial(trial_id)
    return download(Response(getattr(trial, stream)))


@bp.get("/trials/<int:trial_id>/result.json")
@open_to(Access.SIGNED_IN)
def result(trial_id: int) -> Response:
    trial, _ = hosted_trial(trial_id)
    if trial.submission_result is None:
        raise NotFound
    return json_download(trial.submission_result)
