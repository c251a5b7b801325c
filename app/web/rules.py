"""The rules of a challenge: accepting them anew when they changed."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.services import acceptance
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.loading import visible_challenge

bp = Blueprint("rules", __name__, url_prefix="/challenges/<slug>/rules")


@bp.post("/accept")
@open_to(Access.SIGNED_IN)
def accept(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    shown = request.form.get("sha256", "")
    acceptance.accept_rules(seen.challenge, shown_sha256=shown, by=account_at_browser(), now=clock.now())
    flash(_("You have accepted the rules as they stand now."), "success")
    return redirect(url_for("sending.new", slug=slug), 303)
