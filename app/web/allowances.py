"""What a host allows beyond the bundle, on a page of its own in the manage area."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.models.challenges import Phase
from app.rules.files import MIB
from app.services import allowances
from app.web import locale
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.allowances import AllowanceForm, ZoneForm
from app.web.loading import SeenChallenge, hosted_challenge, hosted_phase
from app.web.settings import settings

bp = Blueprint("allowances", __name__, url_prefix="/challenges/<slug>/manage/sending")


@bp.get("")
@open_to(Access.SIGNED_IN)
def show(slug: str) -> str:
    return _page(hosted_challenge(slug))


@bp.post("/zone")
@open_to(Access.SIGNED_IN)
def set_zone(slug: str) -> ResponseReturnValue:
    seen, form = hosted_challenge(slug), ZoneForm()
    if not form.validate_on_submit():
        return _page(seen, zone_form=form), 422
    allowances.set_zone(seen.challenge, zone=form.timezone.data or None, by=account_at_browser(), now=clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/phases/<codename>")
@open_to(Access.SIGNED_IN)
def set_phase(slug: str, codename: str) -> ResponseReturnValue:
    seen, phase = hosted_phase(slug, codename)
    form = _form_of(phase)
    if not form.validate_on_submit():
        return _page(seen, phase_form=(phase, form)), 422
    allowances.set_phase(
        phase,
        accepts_late=bool(form.accepts_late.data),
        max_file_bytes=form.most_mb.data * MIB if form.most_mb.data else None,
        by=account_at_browser(),
        now=clock.now(),
    )
    flash(_("Saved."), "success")
    return redirect(url_for(".show", slug=slug), 303)


def _form_of(phase: Phase) -> AllowanceForm:
    return AllowanceForm.of(phase, server_bytes=settings().max_submission_bytes)


def _page(
    seen: SeenChallenge, *, zone_form: ZoneForm | None = None, phase_form: tuple[Phase, AllowanceForm] | None = None
) -> str:
    """Show every form, fresh but for the one that was refused."""
    forms = [(phase, _form_of(phase)) for phase in seen.phases if phase_form is None or phase is not phase_form[0]]
    return page(
        "hosting/allowances.html",
        seen,
        tab="manage",
        zone_form=zone_form or ZoneForm(timezone=seen.challenge.timezone or ""),
        forms=sorted([*forms, *([phase_form] if phase_form else [])], key=lambda it: it[0].position),
        server_zone=locale.server_zone_name(),
    )
