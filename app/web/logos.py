"""The page on which a host puts up a challenge's logo, or takes it down."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.bundles.images import LARGEST_LOGO
from app.rules.errors import Invalid
from app.services import logos
from app.storage import IncomingFile
from app.web.access import Access, open_to, refuse_too_large
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.hosting import LogoForm
from app.web.loading import SeenChallenge, hosted_challenge

bp = Blueprint("logos", __name__, url_prefix="/challenges/<slug>/manage/edit/logo")


@bp.get("")
@open_to(Access.SIGNED_IN)
def show(slug: str) -> str:
    return _page(hosted_challenge(slug), LogoForm(formdata=None))


@bp.post("")
@open_to(Access.SIGNED_IN, upload="logo")
def change(slug: str) -> ResponseReturnValue:
    seen, form = hosted_challenge(slug), LogoForm()
    if not form.validate_on_submit():
        return _page(seen, form), 422
    incoming: IncomingFile = form.file.data.stream
    refuse_too_large(incoming, "logo")
    incoming.flush_to_disk()
    try:
        logos.change(seen.challenge, file=incoming, by=account_at_browser(), now=clock.now())
    except Invalid as problem:
        return _page(seen, form.refused(problem)), 422
    flash(_("Saved. It takes effect now."), "success")
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/remove")
@open_to(Access.SIGNED_IN)
def remove(slug: str) -> ResponseReturnValue:
    logos.remove(hosted_challenge(slug).challenge, by=account_at_browser(), now=clock.now())
    return redirect(url_for(".show", slug=slug), 303)


def _page(seen: SeenChallenge, form: LogoForm) -> str:
    return page("editing/logo.html", seen, tab="manage", form=form, most_bytes=LARGEST_LOGO)
