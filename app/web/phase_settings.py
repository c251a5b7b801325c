"""The host's page on what follows a submission: how many a team picks as final, and who reads the logs."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.rules.errors import N_, Invalid
from app.services import picks
from app.web.access import Access, open_to
from app.web.asked import is_on
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.loading import hosted_challenge, hosted_phase

bp = Blueprint("phase_settings", __name__, url_prefix="/challenges/<slug>/manage/after-sending")


@bp.get("")
@open_to(Access.SIGNED_IN)
def index(slug: str) -> str:
    return page("hosting/after_sending.html", hosted_challenge(slug), tab="manage")


@bp.post("/<codename>/picks")
@open_to(Access.SIGNED_IN)
def set_picks(slug: str, codename: str) -> ResponseReturnValue:
    _seen, phase = hosted_phase(slug, codename)
    most = request.form.get("final_picks", -1, type=int)
    picks.set_most(phase, most=most, by=account_at_browser(), now=clock.now())
    return _saved(slug)


@bp.get("/<codename>/logs")
@open_to(Access.SIGNED_IN)
def ask_about_logs(slug: str, codename: str) -> str:
    seen, phase = hosted_phase(slug, codename)
    return page("hosting/open_logs.html", seen, tab="manage", phase=phase)


@bp.post("/<codename>/logs")
@open_to(Access.SIGNED_IN)
def set_logs(slug: str, codename: str) -> ResponseReturnValue:
    _seen, phase = hosted_phase(slug, codename)
    shown = is_on()
    if shown and request.form.get("understood") != "1":
        raise Invalid(N_("Read the warning and tick its box first. The logs stay closed."))
    picks.set_logs_shown(phase, shown=shown, by=account_at_browser(), now=clock.now())
    return _saved(slug)


def _saved(slug: str) -> ResponseReturnValue:
    flash(_("Saved. It takes effect now."), "success")
    return redirect(url_for(".index", slug=slug), 303)
