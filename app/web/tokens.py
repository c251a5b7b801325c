"""Access tokens of a person, on a page beside the profile."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.queries import tokens as token_queries
from app.rules.errors import Invalid
from app.services import tokens
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.confirmation import confirmed
from app.web.forms.base import text
from app.web.forms.tokens import TokenForm

bp = Blueprint("tokens", __name__, url_prefix="/profile/tokens")


@bp.get("")
@open_to(Access.SIGNED_IN)
def index() -> str:
    return _page(TokenForm(formdata=None))


@bp.post("")
@open_to(Access.SIGNED_IN)
@confirmed
def make() -> ResponseReturnValue:
    form = TokenForm()
    if not form.validate():
        return _page(form), 422
    try:
        token = tokens.make(account_at_browser(), name=text(form.name), days=int(form.days.data), now=clock.now())
    except Invalid as problem:
        return _page(form.refused(problem)), 422
    # shown in the answer itself: it must not lie in a session or an address
    return _page(TokenForm(formdata=None), fresh=token)


@bp.post("/<int:token_id>/revoke")
@open_to(Access.SIGNED_IN)
def revoke(token_id: int) -> ResponseReturnValue:
    tokens.revoke(account_at_browser(), token_id, now=clock.now())
    flash(_("The token is revoked. Programs that use it are refused from now on."), "success")
    return redirect(url_for(".index"), 303)


def _page(form: TokenForm, *, fresh: str | None = None) -> str:
    return render_template(
        "accounts/tokens.html", form=form, fresh=fresh, tokens=token_queries.of(account_at_browser()), now=clock.now()
    )
