"""What a team asks of others and others of it: invitations by name and by link, and two teams becoming one."""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.models.teams import Team, TeamInvitation, TeamMerge
from app.queries import team_requests
from app.rules.errors import Invalid, NotFound
from app.services import merging, team_invitations
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.forms.base import text
from app.web.forms.teams import InviteForm, MergeForm
from app.web.loading import own_team
from app.web.locale import server_zone
from app.web.teams import FORMS, changed, from_form, refused

bp = Blueprint("team_requests", __name__, url_prefix="/challenges/<slug>/team")


def _by_button(slug: str, beside: str, act: Callable[[Team], None], *, done: str) -> ResponseReturnValue:
    """Do what a button asks for; what is wrong with it is said in the form that it stands beside."""
    _seen, team = own_team(slug)
    try:
        act(team)
    except Invalid as problem:
        return refused(slug, **{beside: FORMS[beside](formdata=None, prefix=beside).refused(problem)})
    return changed(slug, done)


@bp.post("/invitations")
@open_to(Access.SIGNED_IN)
def invite(slug: str) -> ResponseReturnValue:
    def act(team: Team, form: InviteForm) -> None:
        team_invitations.invite(team, name=text(form.name), by=account_at_browser(), now=clock.now())

    done = _("If there is somebody of this name, the invitation is now on that person's home page.")
    return from_form(slug, "invite_form", act, done=done)


@bp.post("/invitations/link")
@open_to(Access.SIGNED_IN)
def make_link(slug: str) -> ResponseReturnValue:
    def act(team: Team) -> None:
        team_invitations.make_link(team, by=account_at_browser(), now=clock.now())

    return _by_button(slug, "invite_form", act, done=_("Here is a link that lets one person join. Pass it on."))


@bp.post("/invitations/<int:invitation_id>/renew")
@open_to(Access.SIGNED_IN)
def renew(slug: str, invitation_id: int) -> ResponseReturnValue:
    def act(_team: Team) -> None:
        team_invitations.renew(_invitation(slug, invitation_id), by=account_at_browser(), now=clock.now())

    return _by_button(slug, "invite_form", act, done=_("The invitation is valid for another week."))


@bp.post("/invitations/<int:invitation_id>/revoke")
@open_to(Access.SIGNED_IN)
def revoke(slug: str, invitation_id: int) -> ResponseReturnValue:
    team_invitations.revoke(_invitation(slug, invitation_id), by=account_at_browser(), now=clock.now())
    return changed(slug, _("The invitation is withdrawn."))


def _invitation(slug: str, invitation_id: int) -> TeamInvitation:
    _seen, team = own_team(slug)
    found = team_requests.invitation(invitation_id)
    if found is None or found.team_id != team.id:
        raise NotFound
    return found


@bp.post("/merges")
@open_to(Access.SIGNED_IN)
def ask_to_merge(slug: str) -> ResponseReturnValue:
    def act(team: Team, form: MergeForm) -> None:
        merging.ask(team, name=text(form.name), by=account_at_browser(), now=clock.now(), zone=server_zone())

    return from_form(slug, "merge_form", act, done=_("The other team's leader sees your request now."))


@bp.post("/merges/<int:merge_id>/<any(accept, decline, withdraw):answer>")
@open_to(Access.SIGNED_IN)
def answer_merge(slug: str, merge_id: int, answer: str) -> ResponseReturnValue:
    asked, by, now = _merge(slug, merge_id), account_at_browser(), clock.now()
    if answer == "decline":
        merging.decline(asked, by=by, now=now)
        return changed(slug, _("The request is declined."))
    if answer == "withdraw":
        merging.withdraw(asked, by=by, now=now)
        return changed(slug, _("The request is withdrawn."))

    def act(_team: Team) -> None:
        merging.accept(asked, by=by, now=now, zone=server_zone())

    return _by_button(slug, "merge_form", act, done=_("The two teams are one now."))


def _merge(slug: str, merge_id: int) -> TeamMerge:
    _seen, team = own_team(slug)
    found = team_requests.merge(merge_id)
    if found is None or team.id not in {found.from_team_id, found.into_team_id}:
        raise NotFound
    return found
