"""Taking part in a challenge: alone, with a new team, or in somebody's team."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.models.teams import Team
from app.rules.errors import DomainError
from app.services import participation
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.base import Form
from app.web.forms.participation import AloneForm, FoundTeamForm, JoinTeamForm
from app.web.loading import SeenChallenge, visible_challenge

bp = Blueprint("participation", __name__, url_prefix="/challenges/<slug>/join")


def _page(
    seen: SeenChallenge,
    *,
    alone: AloneForm | None = None,
    found: FoundTeamForm | None = None,
    join: JoinTeamForm | None = None,
) -> str:
    return page(
        "participation/join.html",
        seen,
        tab="join",
        alone=alone or AloneForm(formdata=None, prefix="alone"),
        found=found or FoundTeamForm(formdata=None, prefix="found"),
        join=join or JoinTeamForm(formdata=None, prefix="join", data={"code": request.args.get("code", "")}),
        starts_with="join" if join or request.args.get("code") else "found" if found else "alone",
    )


def _answer(
    seen: SeenChallenge, form: Form, act: Callable[[], Team], *, again: Callable[[], str]
) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return again(), 422
    try:
        team = act()
    except DomainError as problem:
        form.refused(problem)
        return again(), 422
    flash(gettext("You take part as %(team)s. Good luck.", team=team.name), "success")
    return redirect(url_for("sending.new", slug=seen.challenge.slug), 303)


@bp.get("")
@open_to(Access.SIGNED_IN)
def join(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    if seen.person.team_id is not None:
        return redirect(url_for("challenges.team", slug=slug), 303)
    return _page(seen)


@bp.post("/alone")
@open_to(Access.SIGNED_IN)
def alone(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    form = AloneForm(prefix="alone")
    return _answer(
        seen,
        form,
        lambda: participation.join_alone(
            seen.challenge, by=account_at_browser(), accepts_rules=form.accepts_rules.data, now=clock.now()
        ),
        again=lambda: _page(seen, alone=form),
    )


@bp.post("/new-team")
@open_to(Access.SIGNED_IN)
def found_team(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    form = FoundTeamForm(prefix="found")
    return _answer(
        seen,
        form,
        lambda: participation.found_team(
            seen.challenge,
            name=form.name.data or "",
            by=account_at_browser(),
            accepts_rules=form.accepts_rules.data,
            now=clock.now(),
        ),
        again=lambda: _page(seen, found=form),
    )


@bp.post("/team")
@open_to(Access.SIGNED_IN)
def join_team(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    form = JoinTeamForm(prefix="join")
    return _answer(
        seen,
        form,
        lambda: participation.join_team(
            seen.challenge,
            code=form.code.data or "",
            by=account_at_browser(),
            accepts_rules=form.accepts_rules.data,
            now=clock.now(),
        ),
        again=lambda: _page(seen, join=form),
    )
