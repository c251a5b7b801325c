"""Taking part in a challenge: alone, with a new team, or in somebody's team."""

from collections.abc import Callable
from datetime import datetime
from typing import TypedDict

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.models.accounts import Account
from app.models.teams import Team, TeamInvitation
from app.queries import team_requests
from app.rules.errors import N_, Conflict, DomainError, NotFound
from app.rules.states import TeamStatus
from app.services import participation, team_invitations
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.base import Form, text
from app.web.forms.participation import AloneForm, FoundTeamForm, InvitedForm, JoinTeamForm
from app.web.loading import SeenChallenge, visible_challenge

ALREADY = N_("You take part in this challenge already. To join another team, leave yours first.")
BY_INVITATION = {"invitation", "code"}

bp = Blueprint("participation", __name__, url_prefix="/challenges/<slug>/join")


def _page(
    seen: SeenChallenge,
    *,
    alone: AloneForm | None = None,
    found: FoundTeamForm | None = None,
    join: JoinTeamForm | None = None,
    invited: tuple[int, InvitedForm] | None = None,
) -> str:
    account, now = account_at_browser(), clock.now()
    invitations = team_requests.invitations_for(account, now=now, challenge_id=seen.challenge.id)
    by_link = _by_link(seen, request.values.get("invitation", ""))
    shown = [*invitations, *([by_link] if by_link else [])]
    forms = {it.id: InvitedForm(formdata=None, prefix=f"invited{it.id}") for it in shown}
    return page(
        "participation/join.html",
        seen,
        tab="join",
        invitations=shown,
        invited_forms=forms | dict([invited] if invited else []),
        link_is_dead=(by_link is None and "invitation" in request.args) or bool(invited and invited[0] not in forms),
        refusal=participation.refusal(seen.challenge, seen.person, by=account, now=now),
        alone=alone or AloneForm(formdata=None, prefix="alone"),
        found=found or FoundTeamForm(formdata=None, prefix="found"),
        join=join or JoinTeamForm(formdata=None, prefix="join", data={"code": request.args.get("code", "")}),
        starts_with="join" if join or request.args.get("code") else "found" if found else "alone",
    )


def _answer(
    seen: SeenChallenge, form: Form, act: Callable[[], Team], *, again: Callable[[], str]
) -> ResponseReturnValue:
    if seen.person.team_id is not None:
        return _takes_part_already(seen)
    if not form.validate_on_submit():
        return again(), 422
    try:
        team = act()
    except Conflict:
        return _takes_part_already(seen)
    except DomainError as problem:
        form.refused(problem)
        return again(), 422
    if team.status is TeamStatus.WAITING:
        flash(gettext("You take part as %(team)s. The host looks at the team first.", team=team.name), "success")
        return redirect(url_for("teams.show", slug=seen.challenge.slug), 303)
    flash(gettext("You take part as %(team)s. Good luck.", team=team.name), "success")
    return redirect(url_for("sending.new", slug=seen.challenge.slug), 303)


def _takes_part_already(seen: SeenChallenge) -> ResponseReturnValue:
    """Lead who clicked twice, or holds another team's invitation, to the own team with a sentence."""
    flash(gettext(ALREADY), "warning")
    return redirect(url_for("teams.show", slug=seen.challenge.slug), 303)


class _Consent(TypedDict):
    by: Account
    accepts_rules: bool
    rules: str | None
    now: datetime


def _consent(form: AloneForm) -> _Consent:
    """Return who takes part, and whether to the rules (by their hash) that stood on the page the form was sent from."""
    return {
        "by": account_at_browser(),
        "accepts_rules": form.accepts_rules.data,
        "rules": request.form.get("rules"),
        "now": clock.now(),
    }


def _by_link(seen: SeenChallenge, token: str) -> TeamInvitation | None:
    """Return the invitation whose link was opened, if it still lets somebody into a team of this challenge."""
    found = team_requests.invitation_by_token(token, now=clock.now()) if token else None
    return found if found is not None and found.team.challenge_id == seen.challenge.id else None


@bp.get("")
@open_to(Access.SIGNED_IN)
def join(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    if seen.person.team_id is None:
        return _page(seen)
    if BY_INVITATION & request.args.keys():
        return _takes_part_already(seen)
    return redirect(url_for("teams.show", slug=slug), 303)


@bp.post("/alone")
@open_to(Access.SIGNED_IN)
def alone(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    form = AloneForm(prefix="alone")
    return _answer(
        seen,
        form,
        lambda: participation.join_alone(seen.challenge, **_consent(form)),
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
        lambda: participation.found_team(seen.challenge, name=text(form.name), **_consent(form)),
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
        lambda: participation.join_team(seen.challenge, code=text(form.code), **_consent(form)),
        again=lambda: _page(seen, join=form),
    )


@bp.post("/invitations/<int:invitation_id>")
@open_to(Access.SIGNED_IN)
def accept(slug: str, invitation_id: int) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    invitation = _own_invitation(seen, invitation_id)
    form = InvitedForm(prefix=f"invited{invitation_id}")
    return _answer(
        seen,
        form,
        lambda: team_invitations.accept(invitation, **_consent(form)),
        again=lambda: _page(seen, invited=(invitation_id, form)),
    )


@bp.post("/invitations/<int:invitation_id>/decline")
@open_to(Access.SIGNED_IN)
def decline(slug: str, invitation_id: int) -> ResponseReturnValue:
    invitation = _own_invitation(visible_challenge(slug), invitation_id)
    team = invitation.team.name
    team_invitations.decline(invitation, by=account_at_browser(), now=clock.now())
    flash(gettext("You have declined the invitation of %(team)s.", team=team), "success")
    return redirect(url_for("home.index"), 303)


def _own_invitation(seen: SeenChallenge, invitation_id: int) -> TeamInvitation:
    """Return an invitation that names this person, or that the person holds the link of; NotFound otherwise."""
    found = team_requests.invitation(invitation_id)
    if found is None or found.team.challenge_id != seen.challenge.id:
        raise NotFound
    holds_link = found.token is not None and found.token == request.form.get("invitation", "")
    if found.account_id != account_at_browser().id and not holds_link:
        raise NotFound
    return found
