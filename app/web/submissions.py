"""A submission's own live page with its files and switches, and the list of a team."""

from flask import Blueprint, Response, current_app, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.extensions import store
from app.models.submissions import SubmissionOutput
from app.queries import submissions as submission_queries
from app.rules.errors import N_, Conflict, NotFound
from app.rules.failures import FAILURES
from app.services import picks, submissions
from app.web.access import Access, open_to
from app.web.asked import is_on
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.downloads import download, json_download, readable_json
from app.web.following import etag, evaluations, may_delete, may_see_all_scores, may_see_logs, state
from app.web.fragments import etagged, piece_or_redirect
from app.web.loading import own_submission, visible_challenge
from app.web.submission_lists import last_page, list_values

bp = Blueprint("submissions", __name__)


@bp.get("/submissions/<int:submission_id>")
@open_to(Access.SIGNED_IN)
def show(submission_id: int) -> str:
    found = own_submission(submission_id)
    output = submission_queries.output(submission_id)
    return page(
        "submissions/show.html",
        found.seen,
        tab="submissions",
        output=output if may_see_logs(found) else None,
        result=readable_json(output.result) if output and output.result and may_see_all_scores(found) else "",
        outcomes=evaluations(found),
        failures=FAILURES,
        may_delete=may_delete(
            found.submission, person=found.person, account_id=account_at_browser().id, now=clock.now()
        ),
        **state(found),
    )


@bp.get("/submissions/<int:submission_id>/status")
@open_to(Access.SIGNED_IN, fragment=True)
def status(submission_id: int) -> Response:
    found = own_submission(submission_id)
    values = state(found)
    return etagged(render_template("submissions/_status.html", person=found.person, **values), etag(found, values))


@bp.post("/submissions/<int:submission_id>/on-board")
@open_to(Access.SIGNED_IN, fragment=True)
def set_on_board(submission_id: int) -> ResponseReturnValue:
    found = own_submission(submission_id)
    shown = is_on()
    submissions.show_on_board(found.submission, shown=shown, person=found.person)
    html = render_template("submissions/_on_board.html", submission=found.submission, may_choose=True)
    return piece_or_redirect(html, to=url_for(".mine", slug=found.challenge.slug))


@bp.post("/submissions/<int:submission_id>/cancel")
@open_to(Access.SIGNED_IN)
def cancel(submission_id: int) -> ResponseReturnValue:
    found = own_submission(submission_id)
    try:
        runs_it = found.person.runs_it
        submissions.cancel(found.submission, by=account_at_browser(), runs_it=runs_it, now=clock.now())
    except Conflict:
        current_app.logger.info("submission %s was over before it could be cancelled", submission_id)
    return redirect(url_for(".show", submission_id=submission_id), 303)


@bp.post("/submissions/<int:submission_id>/pick")
@open_to(Access.SIGNED_IN, fragment=True)
def set_picked(submission_id: int) -> ResponseReturnValue:
    found = own_submission(submission_id)
    picks.pick(found.submission, picked=is_on(), person=found.person, now=clock.now())
    html = render_template("submissions/_pick.html", submission=found.submission, may_pick=True)
    return piece_or_redirect(html, to=url_for(".mine", slug=found.challenge.slug))


@bp.get("/challenges/<slug>/submissions")
@open_to(Access.SIGNED_IN)
def mine(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    if seen.person.team_id is None:
        return redirect(url_for("participation.join", slug=slug), 303)
    values = list_values(seen, team_id=seen.person.team_id)
    if not values["submissions"] and values["page_number"] != 1:
        last = last_page(seen, team_id=seen.person.team_id)
        return redirect(url_for(".mine", slug=slug, **values["address"], page=last), 303)
    return page("submissions/mine.html", seen, tab="submissions", **values)


@bp.get("/challenges/<slug>/submissions/rows")
@open_to(Access.SIGNED_IN, fragment=True)
def mine_rows(slug: str) -> Response:
    seen = visible_challenge(slug)
    if seen.person.team_id is None:
        raise NotFound
    values = list_values(seen, team_id=seen.person.team_id)
    html = render_template("submissions/_mine.html", challenge=seen.challenge, person=seen.person, **values)
    return etagged(html, f'"mine-{values["state"]}"')


@bp.get("/submissions/<int:submission_id>/file")
@open_to(Access.SIGNED_IN)
def file(submission_id: int) -> Response:
    made = own_submission(submission_id).submission
    if not made.file_key:
        raise NotFound(N_("The file was deleted."))
    return download(send_file(store.open(made.file_key), "application/octet-stream", True, made.file_name))


@bp.get("/submissions/<int:submission_id>/result.json")
@open_to(Access.SIGNED_IN)
def result(submission_id: int) -> Response:
    output, found = _output(submission_id), own_submission(submission_id)
    if output.result is None or not may_see_all_scores(found):
        raise NotFound
    return json_download(output.result)


@bp.get("/submissions/<int:submission_id>/<any(stdout, stderr):stream>")
@open_to(Access.SIGNED_IN)
def log(submission_id: int, stream: str) -> Response:
    # a script may print labels, so what it printed is for who runs the challenge until they open it
    if not may_see_logs(own_submission(submission_id)):
        raise NotFound
    return download(Response(getattr(_output(submission_id), stream)))


def _output(submission_id: int) -> SubmissionOutput:
    own_submission(submission_id)
    output = submission_queries.output(submission_id)
    if output is None:
        raise NotFound
    return output
