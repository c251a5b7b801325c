"""Sending a file and following it: the form, the submission's own live page, the list of a team."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.extensions import store
from app.models.submissions import SubmissionOutput
from app.queries import submissions as submission_queries
from app.rules import permissions
from app.rules.errors import Conflict, NotFound
from app.rules.failures import FAILURES
from app.services import submissions
from app.web.access import Access, open_to
from app.web.challenges import page
from app.web.downloads import download, json_download, readable_json
from app.web.fragments import etagged, piece_or_redirect
from app.web.loading import (
    SeenChallenge,
    SeenSubmission,
    own_submission,
    visible_challenge,
)

bp = Blueprint("submissions", __name__)

LOGS = {"stdout": "stdout.txt", "stderr": "stderr.txt"}


@bp.get("/submissions/<int:submission_id>")
@open_to(Access.SIGNED_IN)
def show(submission_id: int) -> str:
    found = own_submission(submission_id)
    seen = SeenChallenge(found.challenge, found.person)
    output = submission_queries.output(submission_id)
    result = readable_json(output.result) if output and output.result and _may_see_all_scores(found) else ""
    shown = output if found.person.runs_it else None
    return page("submissions/show.html", seen, tab="submissions", output=shown, result=result, **_state(found))


@bp.get("/submissions/<int:submission_id>/status")
@open_to(Access.SIGNED_IN, fragment=True)
def status(submission_id: int) -> Response:
    found = own_submission(submission_id)
    state = _state(found)
    html = render_template("submissions/_status.html", person=found.person, **state)
    move = found.submission.moves[-1].id if found.submission.moves else 0
    return etagged(html, f'"submission-{submission_id}-{move}-{state["place"]}-{state["waits_for_packages"]}"')


def _state(found: SeenSubmission) -> dict[str, object]:
    made, person = found.submission, found.person
    environment = made.version.environment
    return {
        "submission": made,
        "entries": found.entries,
        "waits_for_packages": environment is not None and environment.is_being_built_again,
        "place": submission_queries.place_in_queue(made.id) if made.status.value == "queued" else None,
        "reason": FAILURES[made.failure] if made.failure else None,
        "may_choose": (made.phase.leaderboard_public or person.runs_it) and not made.is_late,
    }


@bp.post("/submissions/<int:submission_id>/on-board")
@open_to(Access.SIGNED_IN, fragment=True)
def set_on_board(submission_id: int) -> ResponseReturnValue:
    found = own_submission(submission_id)
    shown = request.form.get("on") == "1"
    submissions.show_on_board(found.submission, shown=shown, person=found.person)
    html = render_template("submissions/_on_board.html", submission=found.submission, may_choose=True)
    return piece_or_redirect(html, to=url_for(".mine", slug=found.challenge.slug))


@bp.post("/submissions/<int:submission_id>/cancel")
@open_to(Access.SIGNED_IN)
def cancel(submission_id: int) -> ResponseReturnValue:
    found = own_submission(submission_id)
    try:
        submissions.cancel(found.submission, now=clock.now())
    except Conflict:
        current_app.logger.info("submission %s was over before it could be cancelled", submission_id)
    return redirect(url_for(".show", submission_id=submission_id), 303)


@bp.get("/challenges/<slug>/submissions")
@open_to(Access.SIGNED_IN)
def mine(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    if seen.person.team_id is None:
        return redirect(url_for("participation.join", slug=slug), 303)
    values = _list(seen)
    if not values["submissions"] and values["page_number"] != 1:
        last = submission_queries.pages_of_team(seen.challenge.id, seen.person.team_id)
        return redirect(url_for(".mine", slug=slug, page=last), 303)
    return page("submissions/mine.html", seen, tab="submissions", **values)


@bp.get("/challenges/<slug>/submissions/rows")
@open_to(Access.SIGNED_IN, fragment=True)
def mine_rows(slug: str) -> Response:
    seen = visible_challenge(slug)
    if seen.person.team_id is None:
        raise NotFound
    values = _list(seen)
    html = render_template("submissions/_mine.html", challenge=seen.challenge, person=seen.person, **values)
    return etagged(html, f'"mine-{values["state"]}"')


def _list(seen: SeenChallenge) -> dict[str, object]:
    number = request.args.get("page", 1, type=int) or 1
    found = submission_queries.of_team(seen.challenge.id, seen.person.team_id or 0, page=number)
    shown = found[: submission_queries.PAGE]
    return {
        "submissions": shown,
        "page_number": max(1, number),
        "has_more": len(found) > submission_queries.PAGE,
        "failures": FAILURES,
        "is_live": any(not it.status.is_over for it in shown),
        "state": "-".join(f"{it.id}{it.status.value}{int(it.on_board)}" for it in shown),
    }


@bp.get("/submissions/<int:submission_id>/file")
@open_to(Access.SIGNED_IN)
def file(submission_id: int) -> Response:
    made = own_submission(submission_id).submission
    return download(send_file(store.open(made.file_key), "application/octet-stream", True, made.file_name))


@bp.get("/submissions/<int:submission_id>/result.json")
@open_to(Access.SIGNED_IN)
def result(submission_id: int) -> Response:
    output, found = _output(submission_id), own_submission(submission_id)
    if output.result is None or not _may_see_all_scores(found):
        raise NotFound
    return json_download(output.result)


@bp.get("/submissions/<int:submission_id>/<any(stdout, stderr):stream>")
@open_to(Access.SIGNED_IN)
def log(submission_id: int, stream: str) -> Response:
    # a script may print labels, so what it printed is for who runs the challenge
    if not own_submission(submission_id).person.runs_it:
        raise NotFound
    return download(Response(getattr(_output(submission_id), stream)))


def _may_see_all_scores(found: SeenSubmission) -> bool:
    """Whether no split is hidden from the person: what a script returns beside the scores often repeats all of them."""
    made, now = found.submission, clock.now()
    return all(
        permissions.may_see_scores(
            found.person,
            visibility=split.visibility,
            owner_team_id=made.team_id,
            is_withheld=split.withholds(made.completed_at, now),
        )
        for split in made.phase.every_split
    )


def _output(submission_id: int) -> SubmissionOutput:
    own_submission(submission_id)
    output = submission_queries.output(submission_id)
    if output is None:
        raise NotFound
    return output
