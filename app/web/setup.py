"""The very first steps: a page that says where the set-up link is, and the set-up itself."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock
from app.rules.errors import DomainError, Invalid, NotFound, TooMany
from app.rules.states import HostingPolicy, SignUpPolicy
from app.services import examples, registration, site
from app.web import locale
from app.web.access import Access, open_to
from app.web.answers import shown
from app.web.auth import account_at_browser, browser, remember
from app.web.filters import said
from app.web.forms.base import text
from app.web.forms.site import SetUpForm
from app.web.settings import current_site

bp = Blueprint("setup", __name__, url_prefix="/setup")


@bp.get("")
@open_to(Access.ANYBODY, before_set_up=True)
def waiting() -> ResponseReturnValue:
    if current_site().set_up_at is not None:
        return redirect(url_for("home.index"), 303)
    return render_template("setup/waiting.html")


@bp.route("/<token>", methods=["GET", "POST"])
@open_to(Access.ANYBODY, before_set_up=True)
def start(token: str) -> ResponseReturnValue:
    if not site.may_set_up(token, now=clock.now()):
        raise NotFound
    form = SetUpForm(
        site_name=registration.PRODUCT,
        language=locale.selected(),
        timezone=locale.zone_name(),
        sign_up=SignUpPolicy.INVITATION.value,
        hosting=HostingPolicy.NAMED.value,
    )
    if not form.validate_on_submit():
        return shown("setup/start.html", form, token=token)
    try:
        session_token = _set_up(token, form)
    except (Invalid, TooMany) as problem:
        return shown("setup/start.html", form, problem, token=token)
    remember(session_token)
    flash(_("%(site)s is ready, and you are its administrator.", site=text(form.site_name)), "success")
    if form.with_examples.data:
        _install_examples()
    return redirect(url_for("home.index"), 303)


def _set_up(token: str, form: SetUpForm) -> str:
    entry = registration.checked_entry(
        name=text(form.name),
        email=text(form.email),
        password=text(form.password),
        site_name=text(form.site_name),
        language=form.language.data,
    )
    return site.set_up(token, entry=entry, choices=form.site_choices(), browser=browser(), now=clock.now())


def _install_examples() -> None:
    try:
        installed = examples.install(host=account_at_browser(), now=clock.now())
    except DomainError as problem:
        # the site is set up all the same; the examples can be imported like any other bundle
        flash(said(problem), "warning")
    else:
        number = len(installed)
        flash(ngettext("%(num)s example is installed.", "%(num)s examples are installed.", number), "success")
