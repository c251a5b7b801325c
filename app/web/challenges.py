"""The pages of a challenge."""

from typing import Any

from flask import Blueprint, Response, render_template, send_file

from app import clock
from app.extensions import store
from app.queries import participation, quotas
from app.rules.errors import NotFound
from app.rules.obstacles import Obstacle, obstacle
from app.rules.text_changes import text_changes
from app.web import locale
from app.web.access import Access, open_to
from app.web.auth import signed_in_account
from app.web.loading import SeenChallenge, visible_challenge

bp = Blueprint("challenges", __name__, url_prefix="/challenges/<slug>")


def page(template: str, seen: SeenChallenge, *, tab: str, **values: Any) -> str:
    """Render a page of a challenge with what its head and tabs need."""
    now = clock.now()
    return render_template(
        template,
        seen=seen,
        challenge=seen.challenge,
        person=seen.person,
        season=seen.challenge.season(now),
        tab=tab,
        obstacle=obstacle_of(seen),
        **values,
    )


def obstacle_of(seen: SeenChallenge) -> Obstacle | None:
    """Return what keeps the person at the browser from submitting, so that every page of the challenge says it."""
    account = signed_in_account()
    if account is None:
        return None
    admitted = seen.challenge.eligibility.admits(account.email)
    return obstacle(seen.person, admitted=admitted, rules_sha256=seen.challenge.rules_sha256)


@bp.get("")
@open_to(Access.READER)
def show(slug: str) -> str:
    return page("challenges/overview.html", visible_challenge(slug), tab="overview")


@bp.get("/evaluation")
@open_to(Access.READER)
def evaluation(slug: str) -> str:
    return page("challenges/evaluation.html", visible_challenge(slug), tab="evaluation")


@bp.get("/rules")
@open_to(Access.READER)
def rules(slug: str) -> str:
    seen = visible_challenge(slug)
    return page("challenges/rules.html", seen, tab="rules", changes=_changes_since_accepted(seen))


def _changes_since_accepted(seen: SeenChallenge) -> tuple[list[str], list[str]] | None:
    """Return which lines of the rules went and came since the person accepted them, None where nothing did."""
    current = seen.challenge.rules_sha256
    if seen.person.team_id is None or seen.person.accepted_rules == current:
        return None
    accepted = participation.rules_text(seen.challenge.id, seen.person.accepted_rules)
    return text_changes(accepted.text, seen.challenge.terms_and_conditions) if accepted else None


@bp.get("/phases")
@open_to(Access.READER)
def phases(slug: str) -> str:
    seen = visible_challenge(slug)
    account, now, zone = signed_in_account(), clock.now(), locale.server_zone()
    account_id = account.id if account else None
    left = {
        phase.id: quotas.left(phase, seen.person.team_id, account_id=account_id, now=now, zone=zone)
        for phase in seen.phases
    }
    return page("challenges/phases.html", seen, tab="phases", left=left)


@bp.get("/logo")
@open_to(Access.READER)
def logo(slug: str) -> Response:
    challenge = visible_challenge(slug).challenge
    if challenge.logo is None:
        raise NotFound
    return send_file(store.path(challenge.logo), mimetype=challenge.extra.get("logo_type") or "image/png", max_age=3600)
