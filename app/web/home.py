"""The front page: challenges that run, come, and are over; and whether the server is well."""

from flask import Blueprint, render_template

from app import clock
from app.queries import challenges, team_requests
from app.rules.schedule import Season
from app.web.access import Access, open_to
from app.web.auth import signed_in_account

bp = Blueprint("home", __name__)


@bp.get("/")
@open_to(Access.READER)
def index() -> str:
    account = signed_in_account()
    listed = challenges.listed_for(account)
    now = clock.now()
    groups = [(season, [it for it in listed if it.season(now) is season]) for season in Season.order()]
    return render_template(
        "home/index.html",
        groups=groups,
        nothing=not listed,
        invitations=team_requests.invitations_for(account, now=now),
        merges=team_requests.merges_for(account),
        joined=challenges.joined_by(account),
        teams=challenges.team_counts([it.id for it in listed]),
    )


@bp.get("/health")
@open_to(Access.ANYBODY, before_set_up=True)
def health() -> dict[str, str]:
    return {"status": "ok"}
