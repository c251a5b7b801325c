"""Having submissions evaluated again, and what that changed; for who runs the challenge."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.queries import reruns as rerun_queries
from app.queries.reruns import Choice
from app.rules.errors import DomainError
from app.services import reruns
from app.tasks.evaluate import ring
from app.web.access import Access, open_to
from app.web.asked import page_number
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.reruns import ReasonForm
from app.web.fragments import etagged
from app.web.loading import SeenChallenge, hosted_challenge

bp = Blueprint("reruns", __name__, url_prefix="/challenges/<slug>/manage/reruns")

# upkeep rings for the others within half a minute
MOST_RINGS = 50


@bp.get("")
@open_to(Access.SIGNED_IN)
def index(slug: str) -> ResponseReturnValue:
    seen = hosted_challenge(slug)
    values = _list(seen)
    if not values["comparisons"] and values["page_number"] > 1:
        return redirect(url_for(".index", slug=slug), 303)
    return page("reruns/index.html", seen, tab="manage", **values)


@bp.get("/rows")
@open_to(Access.SIGNED_IN, fragment=True)
def rows(slug: str) -> Response:
    seen = hosted_challenge(slug)
    values = _list(seen)
    html = render_template("reruns/_table.html", challenge=seen.challenge, **values)
    return etagged(html, f'"reruns-{values["state"]}"')


def _list(seen: SeenChallenge) -> dict[str, Any]:
    number = page_number()
    found = rerun_queries.compared(seen.challenge.id, page=number)
    shown = found[: rerun_queries.PAGE]
    return {
        "comparisons": shown,
        "page_number": number,
        "has_more": len(found) > rerun_queries.PAGE,
        "is_live": any(not it.submission.status.is_over for it in shown),
        "state": "-".join(f"{it.submission.id}{it.submission.status.value}{it.other.id}" for it in shown),
    }


@bp.get("/new")
@open_to(Access.SIGNED_IN)
def new(slug: str) -> str:
    seen = hosted_challenge(slug)
    return _form_page(seen, ReasonForm(), _choice())


@bp.post("/new")
@open_to(Access.SIGNED_IN)
def begin(slug: str) -> ResponseReturnValue:
    seen, form, choice = hosted_challenge(slug), ReasonForm(), _choice()
    if not form.validate_on_submit():
        return _form_page(seen, form, choice), 422
    ids = rerun_queries.chosen(seen.challenge.id, choice)
    try:
        begun = reruns.rerun(
            seen.challenge, ids, by=account_at_browser(), reason=form.reason.data or "", now=clock.now()
        )
    except DomainError as problem:
        form.refused(problem)
        return _form_page(seen, form, choice), 409
    for _ in range(min(begun, MOST_RINGS)):
        ring()
    only = ids[0] if len(ids) == 1 else None
    to = url_for("submissions.show", submission_id=only) if only else url_for(".index", slug=slug)
    return redirect(to, 303)


def _choice() -> Choice:
    asked = request.form if request.method == "POST" else request.args
    return Choice(
        ids=tuple(asked.getlist("id", type=int)),
        phase=asked.get("phase") or None,
        version=asked.get("version", type=int),
    )


def _form_page(seen: SeenChallenge, form: ReasonForm, choice: Choice) -> str:
    count = len(rerun_queries.chosen(seen.challenge.id, choice))
    return page("reruns/new.html", seen, tab="manage", form=form, choice=choice, count=count)
