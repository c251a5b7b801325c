"""Deleting a submission: a page that says what will go and what stays, then the deed."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.rules.errors import DomainError
from app.services import deletions
from app.web.access import Access, open_to
from app.web.answers import refused
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.reruns import ReasonForm
from app.web.loading import SeenSubmission, own_submission

bp = Blueprint("deletions", __name__, url_prefix="/submissions/<int:submission_id>/delete")


@bp.get("")
@open_to(Access.SIGNED_IN)
def new(submission_id: int) -> str:
    return _form_page(own_submission(submission_id), ReasonForm())


@bp.post("")
@open_to(Access.SIGNED_IN)
def delete(submission_id: int) -> ResponseReturnValue:
    found, form = own_submission(submission_id), ReasonForm()
    if not form.validate_on_submit():
        return _form_page(found, form), 422
    try:
        deletions.delete(
            found.submission,
            person=found.person,
            by=account_at_browser(),
            reason=form.reason.data or "",
            now=clock.now(),
        )
    except DomainError as problem:
        form.refused(problem)
        return refused(_form_page(own_submission(submission_id), form), problem)
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


def _form_page(found: SeenSubmission, form: ReasonForm) -> str:
    return page(
        "submissions/delete.html",
        found.seen,
        tab="submissions",
        submission=found.submission,
        form=form,
        is_own=found.submission.account_id == account_at_browser().id,
    )
