"""The administrator's pages about people and the site: who is here, what they may do, settings, the audit log."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.models.accounts import Account
from app.queries import accounts as account_queries
from app.rules.deeds import deed_label
from app.rules.errors import Invalid, NotFound
from app.services import invitations, people, sessions
from app.services import site as site_services
from app.web.access import Access, open_to
from app.web.answers import shown
from app.web.asked import is_on, page_number
from app.web.auth import account_at_browser
from app.web.confirmation import confirmed
from app.web.forms.base import text
from app.web.forms.site import EmailForm, InviteForm, SiteForm
from app.web.fragments import piece_or_redirect
from app.web.settings import current_site, settings

bp = Blueprint("people", __name__, url_prefix="/admin")
DIGEST_LENGTH = 64
SHOWN_OF_DIGEST = 12


@bp.app_template_filter()
def detail(value: object) -> str:
    """Write a value of the audit log for people: yes and no, lists in a row, the beginning of a hash."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "–"
    if isinstance(value, str) and len(value) == DIGEST_LENGTH:
        return f"{value[:SHOWN_OF_DIGEST]}…"
    return "–" if value in (None, "") else str(value)


bp.add_app_template_filter(deed_label)


@dataclass(frozen=True)
class Link:
    """A one-time link to hand over, shown once."""

    address: str
    for_whom: str
    resets_password: bool


@bp.get("/people")
@open_to(Access.ADMIN)
def index() -> ResponseReturnValue:
    return _people(InviteForm(formdata=None))


@bp.post("/people/invite")
@open_to(Access.ADMIN)
@confirmed
def invite() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        return _people(form, status=422)
    try:
        token = invitations.invite(by=account_at_browser(), email=text(form.email), now=clock.now())
    except Invalid as problem:
        return _people(form.refused(problem), status=422)
    return _handed_over(token, for_whom=text(form.email), resets_password=False)


@bp.post("/people/invitations/<int:invitation_id>/withdraw")
@open_to(Access.ADMIN)
def withdraw(invitation_id: int) -> ResponseReturnValue:
    invitations.withdraw(invitation_id, by=account_at_browser(), now=clock.now())
    flash(_("The invitation is withdrawn; its link no longer works."), "success")
    return redirect(url_for("people.index"), 303)


@bp.get("/people/<int:account_id>")
@open_to(Access.ADMIN)
def person(account_id: int) -> ResponseReturnValue:
    found = _person(account_id)
    return _one(found, EmailForm(formdata=None, email=found.email))


@bp.post("/people/<int:account_id>/email")
@open_to(Access.ADMIN)
@confirmed
def change_email(account_id: int) -> ResponseReturnValue:
    found = _person(account_id)
    form = EmailForm()
    if not form.validate():
        return _one(found, form, status=422)
    try:
        people.change_email(found, email=text(form.email), by=account_at_browser(), now=clock.now())
    except Invalid as problem:
        return _one(found, form.refused(problem), status=422)
    flash(_("The e-mail address is changed."), "success")
    return redirect(url_for("people.person", account_id=account_id), 303)


@bp.post("/people/<int:account_id>/reset-link")
@open_to(Access.ADMIN)
@confirmed
def make_reset_link(account_id: int) -> ResponseReturnValue:
    found = _person(account_id)
    token = invitations.make_reset_link(found, by=account_at_browser(), now=clock.now())
    return _handed_over(token, for_whom=found.name, resets_password=True)


@bp.post("/people/<int:account_id>/end-sessions")
@open_to(Access.ADMIN)
def end_sessions(account_id: int) -> ResponseReturnValue:
    found = _person(account_id)
    sessions.end_all_of(found, by=account_at_browser(), now=clock.now())
    flash(_("%(name)s is signed out everywhere.", name=found.name), "success")
    return redirect(url_for("people.person", account_id=account_id), 303)


@bp.post("/people/<int:account_id>/active")
@open_to(Access.ADMIN, fragment=True)
@confirmed
def set_active(account_id: int) -> ResponseReturnValue:
    return _switched(account_id, "active", people.set_active)


@bp.post("/people/<int:account_id>/admin")
@open_to(Access.ADMIN, fragment=True)
@confirmed
def set_admin(account_id: int) -> ResponseReturnValue:
    return _switched(account_id, "admin", people.set_admin)


@bp.post("/people/<int:account_id>/may-host")
@open_to(Access.ADMIN, fragment=True)
@confirmed
def set_may_host(account_id: int) -> ResponseReturnValue:
    return _switched(account_id, "may_host", people.set_may_host)


@bp.route("/settings", methods=["GET", "POST"], endpoint="settings")
@open_to(Access.ADMIN)
@confirmed
def change_settings() -> ResponseReturnValue:
    site = current_site()
    form = SiteForm(
        site_name=site.name,
        language=site.language or "en",
        timezone=site.timezone or settings().timezone,
        sign_up=site.sign_up.value,
        sign_up_domains=", ".join(site.sign_up_domains),
        hosting=site.hosting.value,
        visitors_may_read=site.visitors_may_read,
    )
    if not form.validate_on_submit():
        return shown("people/settings.html", form)
    try:
        site_services.change_site(form.site_choices(), by=account_at_browser(), now=clock.now())
    except Invalid as problem:
        return shown("people/settings.html", form, problem)
    flash(_("The settings are saved and take effect now."), "success")
    return redirect(url_for("people.settings"), 303)


@bp.get("/audit")
@open_to(Access.ADMIN)
def audit() -> str:
    return render_template("people/audit.html", page=account_queries.audit_entries(page=page_number()))


def _people(form: InviteForm, *, status: int = 200) -> ResponseReturnValue:
    search = request.args.get("q", "")[:200]
    html = render_template(
        "people/index.html",
        form=form,
        search=search,
        page=account_queries.people(search=search, page=page_number()),
        invitations=account_queries.open_invitations(now=clock.now()),
    )
    return html, status


def _switched(account_id: int, kind: str, change: Callable[..., None]) -> ResponseReturnValue:
    found = _person(account_id)
    change(found, on=is_on(), by=account_at_browser(), now=clock.now())
    return piece_or_redirect(
        render_template("people/_switch.html", person=found, kind=kind), to=url_for("people.index")
    )


def _handed_over(token: str, *, for_whom: str, resets_password: bool) -> ResponseReturnValue:
    path = url_for("accounts.invitation", token=token)
    base = settings().base_url or request.host_url.rstrip("/")
    return render_template("people/link.html", link=Link(f"{base}{path}", for_whom, resets_password))


def _person(account_id: int) -> Account:
    found = account_queries.account(account_id)
    if found is None:
        raise NotFound
    return found


def _one(found: Account, form: EmailForm, *, status: int = 200) -> ResponseReturnValue:
    sign_ins = account_queries.sign_ins_of(found, now=clock.now())
    return render_template("people/person.html", person=found, form=form, sign_ins=sign_ins), status
