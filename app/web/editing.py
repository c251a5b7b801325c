"""Editing a challenge that is here: texts, dates, limits and boards, without a new upload."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.models.challenges import Challenge, Phase
from app.rules.bounds import LONGEST_SHOWN_BYTES
from app.rules.editing import BoardEdit, ChallengeEdit, PhaseEdit, fingerprint
from app.rules.errors import N_, Conflict, Invalid, NotFound
from app.services import editing
from app.web import locale
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.base import text as text_of
from app.web.forms.editing import BoardForm, ChallengeForm, EditForm, PageForm, PhaseForm, joined
from app.web.forms.editing_fields import shown
from app.web.loading import SeenChallenge, hosted_board, hosted_challenge, hosted_phase

bp = Blueprint("editing", __name__, url_prefix="/challenges/<slug>/manage/edit")

PAGES = {
    "overview": ("description", N_("Overview")),
    "evaluation": ("evaluation_details", N_("Evaluation")),
    "rules": ("terms_and_conditions", N_("Rules")),
    "guidelines": ("submission_guidelines", N_("Submission guidelines")),
}


@bp.app_template_global()
def editable_pages() -> dict[str, str]:
    """Return the pages of a challenge that can be edited: address to heading."""
    return {address: str(_(heading)) for address, (_name, heading) in PAGES.items()}


@bp.route("", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def challenge(slug: str) -> ResponseReturnValue:
    seen, zone = hosted_challenge(slug), locale.zone()
    before = ChallengeEdit(**editing.current(seen.challenge, ChallengeEdit))
    form = ChallengeForm(data=_filled(before))

    def save() -> None:
        edit = form.edit(before, zone)
        editing.edit_challenge(seen.challenge, edit, seen=text_of(form.seen), by=account_at_browser(), now=clock.now())

    return answer("editing/challenge.html", seen, form, save, seen_now=fingerprint(asdict(before)))


@bp.route("/pages/<name>", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def text(slug: str, name: str) -> ResponseReturnValue:
    seen = hosted_challenge(slug)
    if name not in PAGES:
        raise NotFound
    column, heading = PAGES[name]
    return _page(seen, seen.challenge, column, heading=_(heading))


@bp.route("/phases/<codename>/description", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def phase_text(slug: str, codename: str) -> ResponseReturnValue:
    seen, found = hosted_phase(slug, codename)
    return _page(seen, found, "description", heading=found.name)


def _page(seen: SeenChallenge, row: Challenge | Phase, column: str, *, heading: str) -> ResponseReturnValue:
    before = getattr(row, column)
    if len(before.encode()) > LONGEST_SHOWN_BYTES:
        raise Conflict(N_("This page is too long to be edited here. Change it with a new version."))
    form = PageForm(data={"html": before})

    def save() -> None:
        html = text_of(form.html)
        editing.edit_page(row, column, html, seen=text_of(form.seen), by=account_at_browser(), now=clock.now())

    now = fingerprint({column: before})
    return answer("editing/page.html", seen, form, save, seen_now=now, heading=heading, before=before)


@bp.route("/phases/<codename>", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def phase(slug: str, codename: str) -> ResponseReturnValue:
    (seen, found), zone = hosted_phase(slug, codename), locale.zone()
    before = PhaseEdit(**editing.current(found, PhaseEdit))
    form = PhaseForm(data=_filled(before))

    def save() -> None:
        edit = form.edit(before, zone)
        editing.edit_phase(found, edit, seen=text_of(form.seen), by=account_at_browser(), now=clock.now())

    return answer("editing/phase.html", seen, form, save, seen_now=fingerprint(asdict(before)), phase=found)


@bp.route("/boards/<int:phase_split_id>", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def board(slug: str, phase_split_id: int) -> ResponseReturnValue:
    seen, split = hosted_board(slug, phase_split_id)
    before = BoardEdit(**editing.current(split, BoardEdit))
    form = BoardForm(data=asdict(before) | {"by_latest": str(int(before.by_latest))})

    def save() -> None:
        editing.edit_board(split, form.edit(), seen=text_of(form.seen), by=account_at_browser(), now=clock.now())

    return answer("editing/board.html", seen, form, save, seen_now=fingerprint(asdict(before)), split=split)


def answer(
    template: str, seen: SeenChallenge, form: EditForm, save: Callable[[], str | None], *, seen_now: str, **values: Any
) -> ResponseReturnValue:
    """Show a form over something of a challenge, or save it; `save` may return a sentence of what came of it."""
    status, slug = 200, seen.challenge.slug
    if form.validate_on_submit():
        try:
            came_of_it = save()
        except Invalid as problem:
            form.refused(problem)
        except Conflict as problem:
            form.refused(problem, now=seen_now)
            status = 409
        else:
            flash(came_of_it or _("Saved. It takes effect now."), "success")
            return redirect(url_for("hosting.show", slug=slug), 303)
    if form.is_submitted():
        status = 409 if status == 409 else 422
    else:
        form.seen.data = seen_now
    return page(template, seen, tab="manage", form=form, **values), status


def _filled(before: ChallengeEdit | PhaseEdit) -> dict[str, Any]:
    """Return the values of a form: times on the reader's clock, lists as a text."""
    zone = locale.zone()
    values = asdict(before)
    values |= {name: shown(values[name], zone) for name in ("start_at", "end_at")}
    return {name: joined(value) if isinstance(value, list) else value for name, value in values.items()}
