"""Editing what was said about a submission: method, note, links and the attributes that its phase asks for."""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app.rules.errors import NotFound
from app.rules.states import SubmissionStatus
from app.services import descriptions
from app.web.access import Access, open_to
from app.web.challenges import page
from app.web.forms.attributes import prefilled
from app.web.forms.descriptions import DescriptionForm
from app.web.loading import SeenSubmission, own_submission

bp = Blueprint("descriptions", __name__, url_prefix="/submissions/<int:submission_id>/edit")


@bp.get("")
@open_to(Access.SIGNED_IN)
def edit(submission_id: int) -> str:
    found = _of_own_team(submission_id)
    return _form_page(found, _form(found))


@bp.post("")
@open_to(Access.SIGNED_IN)
def save(submission_id: int) -> ResponseReturnValue:
    found = _of_own_team(submission_id)
    form = _form(found)
    if not form.validate_on_submit():
        return _form_page(found, form), 422
    descriptions.describe(found.submission, form.method)
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


def _of_own_team(submission_id: int) -> SeenSubmission:
    """Return a submission of this person's team that is still there; hosts read what others wrote and leave it."""
    found = own_submission(submission_id)
    made = found.submission
    if found.person.team_id != made.team_id or made.status is SubmissionStatus.DELETED:
        raise NotFound
    return found


def _form(found: SeenSubmission) -> DescriptionForm:
    made = found.submission
    kind = DescriptionForm.for_phase(made.phase)
    known: dict[str, Any] = {
        name: getattr(made, name) for name in ("method_name", "method_description", "project_url", "publication_url")
    }
    return kind(data=known | prefilled(kind, made.attributes))


def _form_page(found: SeenSubmission, form: DescriptionForm) -> str:
    return page("submissions/edit.html", found.seen, tab="submissions", submission=found.submission, form=form)
