"""Administration: which challenges wait, what they say, the approval switch, and how the server is."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.extensions import store
from app.queries import challenges, submissions, trials, versions
from app.queries import site as site_queries
from app.rules.errors import NotFound
from app.rules.states import VersionStatus
from app.services import challenges as challenge_services
from app.web.access import Access, open_to
from app.web.asked import is_on
from app.web.auth import account_at_browser
from app.web.confirmation import confirmed
from app.web.fragments import piece_or_redirect
from app.web.loading import hosted_challenge
from app.web.settings import settings

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@open_to(Access.ADMIN)
def index() -> str:
    listed = challenges.for_review()
    newer = versions.waiting_challenges()
    waiting = [it for it in listed if it.id in newer or (it.version and it.version.status is VersionStatus.WAITING)]
    others = [it for it in listed if it not in waiting]
    return render_template("admin/index.html", waiting=waiting, others=others, newer=newer, beat=site_queries.worker())


@bp.get("/challenges/<slug>")
@open_to(Access.ADMIN)
def challenge(slug: str) -> str:
    seen = hosted_challenge(slug)
    version = seen.challenge.version
    if version is None:
        raise NotFound
    waiting = versions.waiting(seen.challenge)
    return render_template(
        "admin/challenge.html",
        challenge=seen.challenge,
        version=version,
        trials=trials.of_version(version),
        waiting=waiting,
        waiting_script=versions.script_of_waiting(waiting) if waiting else [],
        waiting_trials=trials.of_version(waiting) if waiting else None,
        files_version=waiting or version,
    )


@bp.post("/challenges/<slug>/approval")
@open_to(Access.ADMIN)
@confirmed
def set_approval(slug: str) -> ResponseReturnValue:
    found = hosted_challenge(slug).challenge
    challenge_services.approve(
        found,
        version_id=request.form.get("version", 0, type=int),
        approved=is_on(),
        by=account_at_browser(),
        now=clock.now(),
    )
    html = render_template("admin/_approval.html", challenge=found)
    return piece_or_redirect(html, to=url_for(".challenge", slug=slug))


@bp.get("/system")
@open_to(Access.ADMIN)
def system() -> str:
    return render_template(
        "admin/system.html",
        beat=site_queries.worker(),
        counts=submissions.counts_by_status(),
        free_bytes=store.free_bytes(),
        settings=settings(),
        now=clock.now(),
    )
