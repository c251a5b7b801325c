"""The team's page: its name, its members, its code, and the ways out."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.models.teams import Team
from app.queries import team_requests
from app.queries import teams as team_queries
from app.rules.errors import Invalid
from app.services import teams
from app.services.participation import TAKES_MEMBERS
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.base import Form, text
from app.web.forms.teams import InviteForm, MergeForm, NameForm
from app.web.fragments import is_fragment
from app.web.loading import SeenChallenge, own_team

bp = Blueprint("teams", __name__, url_prefix="/challenges/<slug>/team")
FORMS: dict[str, type[Form]] = {"name_form": NameForm, "invite_form": InviteForm, "merge_form": MergeForm}


@bp.get("")
@open_to(Access.SIGNED_IN)
def show(slug: str) -> str:
    seen, team = own_team(slug)
    return page("teams/show.html", seen, tab="team", **_values(seen, team))


def _values(seen: SeenChallenge, team: Team, **forms: Form) -> dict[str, Any]:
    blank = {name: form(formdata=None, prefix=name) for name, form in FORMS.items()}
    blank["name_form"] = NameForm(formdata=None, prefix="name_form", name=team.name)
    now, account = clock.now(), account_at_browser()
    return {
        "team": team,
        "leads": seen.person.is_leader,
        "asked_into": team_requests.invitations_for(account, now=now, challenge_id=seen.challenge.id),
        "has_sent": team_queries.has_sent(team.id, account.id),
        "may_change": team.status in TAKES_MEMBERS and seen.challenge.teams_may_change(now),
        "is_over": now > seen.challenge.end_at,
        "invitations": team_requests.open_invitations_of(team.id),
        "merges": team_requests.open_merges_of(team.id),
        "account": account,
        "now": now,
        **(blank | forms),
    }


def changed(slug: str, said: str) -> ResponseReturnValue:
    """Answer a change: htmx gets the new team with the sentence in it, a browser without scripts the page anew."""
    if not is_fragment():
        flash(said, "success")
        return redirect(url_for("teams.show", slug=slug), 303)
    seen, team = own_team(slug)
    return render_template("teams/_team.html", challenge=seen.challenge, said=said, **_values(seen, team))


def refused(slug: str, **forms: Form) -> ResponseReturnValue:
    """Show the team with a form that could not be done, and what is wrong beside its field."""
    seen, team = own_team(slug)
    values = _values(seen, team, **forms)
    if is_fragment():
        return render_template("teams/_team.html", challenge=seen.challenge, said="", **values), 422
    return page("teams/show.html", seen, tab="team", **values), 422


def from_form(slug: str, name: str, act: Callable[[Team, Any], None], *, done: str) -> ResponseReturnValue:
    """Do what a form of the page asks for."""
    _seen, team = own_team(slug)
    form = FORMS[name](prefix=name)
    if not form.validate():
        return refused(slug, **{name: form})
    try:
        act(team, form)
    except Invalid as problem:
        return refused(slug, **{name: form.refused(problem)})
    return changed(slug, done)


@bp.post("/name")
@open_to(Access.SIGNED_IN)
def rename(slug: str) -> ResponseReturnValue:
    def act(team: Team, form: NameForm) -> None:
        teams.rename(team, name=text(form.name), by=account_at_browser(), now=clock.now())

    return from_form(slug, "name_form", act, done=_("The team has its new name."))


@bp.post("/code")
@open_to(Access.SIGNED_IN)
def renew_code(slug: str) -> ResponseReturnValue:
    _seen, team = own_team(slug)
    teams.renew_code(team, by=account_at_browser(), now=clock.now())
    return changed(slug, _("The team has a new code. Older ones no longer work."))


@bp.post("/code/withdraw")
@open_to(Access.SIGNED_IN)
def withdraw_code(slug: str) -> ResponseReturnValue:
    _seen, team = own_team(slug)
    teams.withdraw_code(team, by=account_at_browser(), now=clock.now())
    return changed(slug, _("The code no longer works."))


@bp.post("/members/<int:account_id>/leads")
@open_to(Access.SIGNED_IN)
def hand_over(slug: str, account_id: int) -> ResponseReturnValue:
    _seen, team = own_team(slug)
    teams.hand_over(team, to_account_id=account_id, by=account_at_browser(), now=clock.now())
    return changed(slug, _("The team has a new leader."))


@bp.post("/members/<int:account_id>/remove")
@open_to(Access.SIGNED_IN)
def remove(slug: str, account_id: int) -> ResponseReturnValue:
    _seen, team = own_team(slug)
    teams.remove(team, account_id=account_id, by=account_at_browser(), now=clock.now())
    return changed(slug, _("The member is removed. Codes and links that the person may know no longer work."))


@bp.post("/leave")
@open_to(Access.SIGNED_IN)
def leave(slug: str) -> ResponseReturnValue:
    seen, team = own_team(slug)
    name = team.name
    teams.leave(seen.challenge, by=account_at_browser(), now=clock.now())
    flash(_("You have left the team %(team)s.", team=name), "success")
    return redirect(url_for("challenges.show", slug=slug), 303)


@bp.post("/withdraw")
@open_to(Access.SIGNED_IN)
def withdraw(slug: str) -> ResponseReturnValue:
    _seen, team = own_team(slug)
    teams.withdraw(team, by=account_at_browser(), now=clock.now())
    return changed(slug, _("Your team has withdrawn and is not ranked any more."))


@bp.post("/return")
@open_to(Access.SIGNED_IN)
def come_back(slug: str) -> ResponseReturnValue:
    _seen, team = own_team(slug)
    teams.come_back(team, by=account_at_browser(), now=clock.now())
    return changed(slug, _("Your team takes part again."))
