"""The host's page "Leaderboards": how each is shown, whether names are told, and revealing one."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.models.challenges import PhaseSplit
from app.queries import leaderboards
from app.queries.board_rows import View
from app.rules.errors import Conflict, DomainError
from app.services import board_settings, standings
from app.web import past_ranks
from app.web.access import Access, open_to
from app.web.asked import is_on, page_number
from app.web.auth import account_at_browser
from app.web.board_columns import columns
from app.web.challenges import page
from app.web.confirmation import confirmed
from app.web.drawn_boards import table
from app.web.forms.leaderboards import BoardForm
from app.web.fragments import piece_or_redirect
from app.web.leaderboards import public_board
from app.web.loading import SeenChallenge, hosted_board, hosted_challenge

bp = Blueprint("board_settings", __name__, url_prefix="/challenges/<slug>/manage/leaderboards")


@bp.get("")
@open_to(Access.SIGNED_IN)
def index(slug: str) -> str:
    return _page(hosted_challenge(slug))


def _page(seen: SeenChallenge, sent: BoardForm | None = None, sent_for: int | None = None) -> str:
    now = clock.now()
    splits = [split for phase in seen.challenge.phases for split in phase.splits]
    forms = [(it, sent if sent is not None and it.id == sent_for else _form(it, splits)) for it in splits]
    return page(
        "hosting/leaderboards.html",
        seen,
        tab="manage",
        forms=forms,
        revealed={it.id for it in splits if board_settings.is_revealed(it, now=now)},
    )


def _form(split: PhaseSplit, splits: list[PhaseSplit]) -> BoardForm:
    return BoardForm.of(split, splits)


@bp.post("/<int:phase_split_id>")
@open_to(Access.SIGNED_IN)
def change(slug: str, phase_split_id: int) -> ResponseReturnValue:
    seen, split = hosted_board(slug, phase_split_id)
    form = _form(split, [it for phase in seen.challenge.phases for it in phase.splits])
    if not form.validate_on_submit():
        return _page(seen, form, split.id), 422
    try:
        board_settings.change(split, form.chosen, by=account_at_browser(), now=clock.now())
    except DomainError as problem:
        form.refused(problem)
        return _page(seen, form, split.id), 422
    flash(_("Saved. It takes effect now."), "success")
    return redirect(url_for(".index", slug=slug, _anchor=f"board-{split.id}"), 303)


@bp.post("/names")
@open_to(Access.SIGNED_IN)
def set_anonymous(slug: str) -> ResponseReturnValue:
    seen = hosted_challenge(slug)
    is_anonymous = is_on()
    board_settings.set_anonymous(seen.challenge, is_anonymous=is_anonymous, by=account_at_browser(), now=clock.now())
    html = render_template("hosting/_anonymous.html", challenge=seen.challenge)
    return piece_or_redirect(html, to=url_for(".index", slug=slug))


@bp.get("/<int:phase_split_id>/reveal")
@open_to(Access.SIGNED_IN)
def ask_to_reveal(slug: str, phase_split_id: int) -> ResponseReturnValue:
    seen, split = hosted_board(slug, phase_split_id)
    now = clock.now()
    if board_settings.is_revealed(split, now=now):
        return redirect(url_for("leaderboards.show", slug=slug, phase_split_id=split.id), 303)
    ranks_picks = standings.is_final_once_revealed(split, now=now)
    return page("hosting/reveal.html", seen, tab="manage", split=split, ranks_picks=ranks_picks)


@bp.get("/<int:phase_split_id>/revealed")
@open_to(Access.SIGNED_IN)
def revealed(slug: str, phase_split_id: int) -> ResponseReturnValue:
    seen, split = hosted_board(slug, phase_split_id)
    now = clock.now()
    if board_settings.is_revealed(split, now=now):
        return redirect(url_for("leaderboards.show", slug=slug, phase_split_id=split.id), 303)
    number = page_number()
    public = public_board(split, seen.person)
    view = View(public=past_ranks.ranks_now(public) if public is not None else None)
    board = leaderboards.board_of(split, standings.revealed(split, now=now), page=number, view=view)
    known = replace(columns(split, order_by=None, wanted=()), has_shifts=public is not None)
    return page("hosting/revealed.html", seen, tab="manage", split=split, board=board, drawn_table=table(known, board))


@bp.post("/<int:phase_split_id>/reveal")
@open_to(Access.SIGNED_IN)
@confirmed
def reveal(slug: str, phase_split_id: int) -> ResponseReturnValue:
    _seen, split = hosted_board(slug, phase_split_id)
    try:
        board_settings.reveal(split, by=account_at_browser(), now=clock.now())
        flash(_("The leaderboard is revealed: everybody sees it now."), "success")
    except Conflict:
        flash(_("Everybody sees this leaderboard already."), "info")
    return redirect(url_for("leaderboards.show", slug=slug, phase_split_id=split.id), 303)
