"""The host's pages about teams: all of them, one of them, who may take part."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.models.accounts import Account
from app.models.teams import Team
from app.queries import accounts, team_lists
from app.queries import participation as participation_queries
from app.queries import teams as team_queries
from app.rules.emails import domain_of
from app.rules.errors import NotFound
from app.rules.states import TeamStatus
from app.services import team_review
from app.web.access import Access, open_to
from app.web.asked import page_number
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.base import text
from app.web.forms.team_review import ReasonForm, TeamSettingsForm
from app.web.fragments import is_fragment
from app.web.loading import SeenChallenge, hosted_challenge

bp = Blueprint("team_review", __name__, url_prefix="/challenges/<slug>/manage")

bp.add_app_template_filter(domain_of)


@bp.get("/teams")
@open_to(Access.SIGNED_IN)
def index(slug: str) -> str:
    seen = hosted_challenge(slug)
    search, wanted = request.args.get("q", "")[:200], request.args.get("status", "")
    status = TeamStatus(wanted) if wanted in set(TeamStatus) else None
    found = team_lists.page(seen.challenge.id, search=search, status=status, number=page_number())
    return page("hosting/teams.html", seen, tab="manage", found=found, search=search, status=status)


@bp.get("/teams/<int:team_id>")
@open_to(Access.SIGNED_IN)
def show(slug: str, team_id: int) -> str:
    seen, team = _team(slug, team_id)
    return _team_page(seen, team, ReasonForm(formdata=None))


def _team_page(seen: SeenChallenge, team: Team, form: ReasonForm) -> str:
    ids = [member.account_id for member in team.members]
    return page(
        "hosting/team.html",
        seen,
        tab="manage",
        line=team_lists.lines([team])[0],
        form=form,
        bans={it.account_id: it for it in participation_queries.bans(seen.challenge.id)},
        accepted=participation_queries.acceptances(ids, seen.challenge.id),
    )


@bp.post("/teams/<int:team_id>/<any(approve, unban):deed>")
@open_to(Access.SIGNED_IN)
def let_in(slug: str, team_id: int, deed: str) -> ResponseReturnValue:
    seen, team = _team(slug, team_id)
    act = team_review.approve if deed == "approve" else team_review.unban
    act(team, by=account_at_browser(), now=clock.now())
    if is_fragment():
        return render_template("hosting/_team_row.html", challenge=seen.challenge, line=team_lists.lines([team])[0])
    flash(_("%(team)s takes part.", team=team.name), "success")
    return redirect(url_for(".show", slug=slug, team_id=team_id), 303)


@bp.post("/teams/<int:team_id>/<any(refuse, ban):deed>")
@open_to(Access.SIGNED_IN)
def keep_out(slug: str, team_id: int, deed: str) -> ResponseReturnValue:
    seen, team = _team(slug, team_id)
    act = team_review.refuse if deed == "refuse" else team_review.ban

    def judge(reason: str) -> None:
        act(team, reason=reason, by=account_at_browser(), now=clock.now())

    return _reasoned(seen, team, judge, done=_("%(team)s can no longer take part and reads why.", team=team.name))


@bp.post("/teams/<int:team_id>/members/<int:account_id>/ban")
@open_to(Access.SIGNED_IN)
def ban_person(slug: str, team_id: int, account_id: int) -> ResponseReturnValue:
    seen, team = _team(slug, team_id)
    person = next((it.account for it in team.members if it.account_id == account_id), None)
    if person is None:
        raise NotFound

    def judge(reason: str) -> None:
        team_review.ban_person(seen.challenge, person, reason=reason, by=account_at_browser(), now=clock.now())

    return _reasoned(seen, team, judge, done=_("%(name)s can no longer take part and reads why.", name=person.name))


def _reasoned(seen: SeenChallenge, team: Team, judge: Callable[[str], None], *, done: str) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _team_page(seen, team, form), 422
    judge(text(form.reason))
    flash(done, "success")
    return redirect(url_for(".show", slug=seen.challenge.slug, team_id=team.id), 303)


@bp.post("/people/<int:account_id>/unban")
@open_to(Access.SIGNED_IN)
def unban_person(slug: str, account_id: int) -> ResponseReturnValue:
    seen, person = hosted_challenge(slug), _person(account_id)
    team_review.unban_person(seen.challenge, person, by=account_at_browser(), now=clock.now())
    flash(_("%(name)s may take part again.", name=person.name), "success")
    return redirect(url_for(".settings", slug=slug), 303)


@bp.get("/teams/settings")
@open_to(Access.SIGNED_IN)
def settings(slug: str) -> str:
    seen = hosted_challenge(slug)
    return _settings_page(seen, TeamSettingsForm.of(team_review.settings_of(seen.challenge)))


@bp.post("/teams/settings")
@open_to(Access.SIGNED_IN)
def change_settings(slug: str) -> ResponseReturnValue:
    seen = hosted_challenge(slug)
    form = TeamSettingsForm.of(team_review.settings_of(seen.challenge))
    if not form.validate():
        return _settings_page(seen, form), 422
    team_review.change_settings(seen.challenge, form.wanted, by=account_at_browser(), now=clock.now())
    flash(_("The settings are saved and take effect now."), "success")
    return redirect(url_for(".settings", slug=slug), 303)


def _settings_page(seen: SeenChallenge, form: TeamSettingsForm) -> str:
    return page(
        "hosting/team_settings.html", seen, tab="manage", form=form, bans=participation_queries.bans(seen.challenge.id)
    )


def _team(slug: str, team_id: int) -> tuple[SeenChallenge, Team]:
    """Return a team of a challenge that this person runs; NotFound otherwise."""
    seen = hosted_challenge(slug)
    found = team_queries.team(team_id)
    if found is None or found.challenge_id != seen.challenge.id:
        raise NotFound
    return seen, found


def _person(account_id: int) -> Account:
    found = accounts.account(account_id)
    if found is None:
        raise NotFound
    return found
