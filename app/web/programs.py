"""For programs with an access token: send a file by one command, read what became of it."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from app import clock
from app.models.challenges import Phase
from app.queries import submissions as submission_queries
from app.rules.errors import N_, Invalid, SentBefore
from app.rules.failures import FAILURES
from app.rules.states import SubmissionStatus
from app.services import submissions
from app.tasks.evaluate import ring
from app.web import locale
from app.web.access import Access, open_to, refuse_too_large
from app.web.auth import account_at_browser
from app.web.errors import STATUS
from app.web.filters import said
from app.web.forms.submissions import ATTRIBUTE, SubmissionForm
from app.web.json_answers import json_answer
from app.web.loading import SeenSubmission, own_submission, phase_to_submit_to

NO_FILE = N_("Send the file in the field “file”, for example `-F file=@predictions.csv`.")
NO_FILE_BUT_TEXT = N_(
    "The field “file” arrived as text. With curl, write @ before the file name: `-F file=@predictions.csv`."
)

bp = Blueprint("programs", __name__, url_prefix="/api")


@bp.post("/challenges/<slug>/phases/<codename>/submissions")
@open_to(Access.PROGRAM, upload="submission")
def submit(slug: str, codename: str) -> ResponseReturnValue:
    """Take one file; the same Idempotency-Key gives the first submission again, as the same form does."""
    phase = phase_to_submit_to(slug, codename)
    form = _form_of(phase)
    if form.received is None:
        raise Invalid(NO_FILE_BUT_TEXT if "file" in request.form else NO_FILE)
    if not form.validate():
        return json_answer({"error": _first_of(form), "fields": form.names_of_errors()}), STATUS[Invalid]
    refuse_too_large(form.received, "submission")
    key = request.headers.get("Idempotency-Key") or secrets.token_urlsafe(24)
    try:
        submission_id = submissions.submit(
            phase,
            by=account_at_browser(),
            file=form.received,
            file_name=form.file_name,
            form_key=f"program|{phase.id}|{key}",
            method=form.method,
            show_on_board=form.wish if "show_on_board" in request.form else None,
            now=clock.now(),
            zone=locale.server_zone(),
            again=form.is_again,
        )
    except SentBefore as problem:
        hint = N_("Add `-F again=yes` to submit it anyway.")
        earlier = _state(own_submission(problem.submission_id))
        return json_answer({"error": said(problem), "hint": said(hint), "submission": earlier}), STATUS[SentBefore]
    ring()
    return _created(submission_id)


def _form_of(phase: Phase) -> SubmissionForm:
    """Read what a program sent, by the names of the form's fields and, for attributes, `attribute:` and their names."""
    made = SubmissionForm.class_for(phase)
    fields = {f"{ATTRIBUTE}{attribute.name}": name for name, attribute in made.asked.items()}
    given: MultiDict[str, Any] = MultiDict()
    for name, values in request.form.lists():
        if name.startswith(ATTRIBUTE) and name not in fields:
            raise Invalid(N_("This phase does not ask for %(name)s."), name=name.removeprefix(ATTRIBUTE)[:80])
        if name not in {"pasted", "pasted_kind", "same_as", "form_key"}:
            given.setlist(fields.get(name, name), values)
    given["form_key"] = "-" * 16
    return made(formdata=CombinedMultiDict([request.files, given]), meta={"csrf": False})


def _first_of(form: SubmissionForm) -> str:
    """Return one sentence about a form that cannot be taken."""
    name, sentences = next(iter(form.names_of_errors().items()))
    return f"{name}: {sentences[0]}"


def _created(submission_id: int) -> ResponseReturnValue:
    answer = json_answer(_state(own_submission(submission_id)))
    answer.headers["Location"] = url_for(".submission", submission_id=submission_id)
    return answer, 201


@bp.get("/submissions/<int:submission_id>")
@open_to(Access.PROGRAM)
def submission(submission_id: int) -> Response:
    return json_answer(_state(own_submission(submission_id)))


def _state(found: SeenSubmission) -> Mapping[str, Any]:
    """Return what this person may know of a submission; scores with the decimals of their board and no more."""
    made = found.submission
    is_queued = made.status is SubmissionStatus.QUEUED
    scores = {
        entry.phase_split.dataset_split.codename: {
            label: round(value, entry.phase_split.decimals) for label, value in entry.scores.items()
        }
        for entry in found.entries
    }
    return {
        "id": made.id,
        "number": made.number,
        "challenge": found.challenge.slug,
        "phase": made.phase.codename,
        "file": made.file_name,
        "sha256": made.sha256,
        "status": made.status.value,
        "is_late": made.is_late,
        "submitted_at": made.submitted_at.isoformat(),
        "completed_at": made.completed_at.isoformat() if made.completed_at else None,
        "place_in_queue": submission_queries.place_in_queue(made.id) if is_queued else None,
        "scores": scores,
        "failure": said(FAILURES[made.failure].participant) if made.failure else None,
        "message": made.failure_message,
        "page": url_for("submissions.show", submission_id=made.id, _external=True),
        "state": url_for("programs.submission", submission_id=made.id, _external=True),
    }
