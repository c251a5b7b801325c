"""The rules of a challenge: accepting them anew when they changed, and for the host every text that was accepted."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.queries import participation
from app.services import acceptance
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.loading import hosted_challenge, visible_challenge

bp = Blueprint("rules", __name__, url_prefix="/challenges/<slug>")


@bp.post("/rules/accept")
@open_to(Access.SIGNED_IN)
def accept(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    shown = request.form.get("sha256", "")
    acceptance.accept_rules(seen.challenge, shown_sha256=shown, by=account_at_browser(), now=clock.now())
    flash(_("You have accepted the current rules."), "success")
    return redirect(url_for("sending.new", slug=slug), 303)


@bp.get("/manage/rules")
@open_to(Access.SIGNED_IN)
def kept(slug: str) -> str:
    seen = hosted_challenge(slug)
    return page("hosting/rules.html", seen, tab="manage", texts=participation.accepted_rules(seen.challenge.id))
