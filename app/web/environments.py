"""Environments: what a version needs, asking for one to be built, watching the build, removing one."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.bundles.distributions import installed_here
from app.bundles.environment_text import proposal, with_missing, with_nearest
from app.bundles.requirements import Need, State
from app.extensions import store
from app.models.environments import Environment
from app.models.versions import BundleVersion
from app.queries import environments as environment_queries
from app.rules.errors import Invalid, NotFound
from app.services import environments
from app.tasks import builds, evaluate
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.forms.environments import EnvironmentForm
from app.web.fragments import etagged
from app.web.settings import settings

bp = Blueprint("environments", __name__, url_prefix="/admin")
LOG_BYTES = 64 * 1024


@dataclass(frozen=True)
class Row:
    """A line of the table of packages: the need, how it is met, and the version that is there."""

    need: Need
    state: State
    version: str


@bp.app_template_global()
def packages_of(version: BundleVersion) -> list[Row] | None:
    """Compare what a version needs with what it is evaluated with; None where nobody looked."""
    if version.needs is None:
        return None
    environment = version.environment
    is_built = environment is not None and environment.is_usable
    installed = environment.packages if environment is not None and is_built else installed_here()
    needs = [Need.from_json(it) for it in version.needs]
    return [Row(it, it.state(installed), installed.get(it.name, "")) for it in needs]


@bp.get("/environments")
@open_to(Access.ADMIN)
def index() -> str:
    return render_template("environments/index.html", shared=environment_queries.all_shared(), settings=settings())


@bp.get("/versions/<int:version_id>/environment")
@open_to(Access.ADMIN)
def show(version_id: int) -> str:
    version = _version(version_id)
    form = EnvironmentForm(formdata=None, requirements=_prefilled(version))
    return _page(version, form)


@bp.post("/versions/<int:version_id>/environment")
@open_to(Access.ADMIN)
def ask(version_id: int) -> ResponseReturnValue:
    version, form = _version(version_id), EnvironmentForm()
    if not form.validate_on_submit():
        return _page(version, form), 422
    try:
        asked = environments.ask(version, requirements=form.normal, by=account_at_browser(), now=clock.now())
    except Invalid as problem:
        form.refused(problem)
        return _page(version, form), 422
    # in one that is there already, the trials of the script wait
    (builds if asked.is_being_built else evaluate).ring()
    return redirect(url_for(".show", version_id=version_id), 303)


@bp.post("/versions/<int:version_id>/environment/leave")
@open_to(Access.ADMIN)
def leave(version_id: int) -> ResponseReturnValue:
    environments.leave(_version(version_id), by=account_at_browser(), now=clock.now())
    evaluate.ring()
    return redirect(url_for(".show", version_id=version_id), 303)


@bp.get("/versions/<int:version_id>/environment/build")
@open_to(Access.ADMIN, fragment=True)
def build(version_id: int) -> Response:
    version = _version(version_id)
    environment = version.environment
    if environment is None:
        raise NotFound
    log = build_log(environment)
    html = render_template("environments/_build.html", version=version, environment=environment, log_text=log)
    return etagged(html)


@bp.post("/environments/<int:environment_id>/remove")
@open_to(Access.ADMIN)
def remove(environment_id: int) -> ResponseReturnValue:
    environments.remove(_environment(environment_id), by=account_at_browser(), now=clock.now())
    return redirect(url_for(".index"), 303)


def build_log(environment: Environment) -> str:
    """Return the end of what the installer printed."""
    try:
        with store.build_log(environment.key).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - LOG_BYTES))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _page(version: BundleVersion, form: EnvironmentForm) -> str:
    environment = version.environment
    return render_template(
        "environments/show.html",
        version=version,
        challenge=version.challenge,
        environment=environment,
        log_text=build_log(environment) if environment else "",
        form=form,
        settings=settings(),
    )


def _prefilled(version: BundleVersion) -> str:
    environment = version.environment
    if environment is None:
        return proposal(Need.from_json(it) for it in version.needs or [])
    if request.args.get("nearest") == "1":
        return with_nearest(environment.requirements, environment.unavailable)
    if environment.is_usable:
        needs = [Need.from_json(it) for it in version.needs or []]
        return with_missing(environment.requirements, needs, environment.packages)
    return environment.requirements


def _version(version_id: int) -> BundleVersion:
    version = environment_queries.version(version_id)
    if version is None:
        raise NotFound
    return version


def _environment(environment_id: int) -> Environment:
    environment = environment_queries.by_id(environment_id)
    if environment is None:
        raise NotFound
    return environment
