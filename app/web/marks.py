"""The host's marks on one submission: verified, baseline, taken out of the ranking."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.rules.errors import DomainError
from app.services import marks
from app.web.access import Access, open_to
from app.web.asked import is_on
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.forms.marks import MarksForm
from app.web.fragments import piece_or_redirect
from app.web.loading import SeenSubmission, hosted_submission

bp = Blueprint("marks", __name__)


@bp.get("/submissions/<int:submission_id>/marks")
@open_to(Access.SIGNED_IN)
def show(submission_id: int) -> str:
    found = hosted_submission(submission_id)
    return _page(found, MarksForm(obj=found.submission))


@bp.post("/submissions/<int:submission_id>/marks")
@open_to(Access.SIGNED_IN)
def change(submission_id: int) -> ResponseReturnValue:
    found, form = hosted_submission(submission_id), MarksForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        marks.mark(found.submission, form.chosen, by=account_at_browser(), now=clock.now())
    except DomainError as problem:
        form.refused(problem)
        return _page(found, form), 422
    flash(_("Saved. Leaderboards show it already."), "success")
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


@bp.post("/submissions/<int:submission_id>/baseline")
@open_to(Access.SIGNED_IN)
def set_baseline(submission_id: int) -> ResponseReturnValue:
    found, is_baseline = hosted_submission(submission_id), is_on()
    marks.set_baseline(found.submission, is_baseline=is_baseline, by=account_at_browser(), now=clock.now())
    html = render_template("submissions/_baseline.html", submission=found.submission)
    return piece_or_redirect(html, to=url_for("hosting.all_submissions", slug=found.challenge.slug))


def _page(found: SeenSubmission, form: MarksForm) -> str:
    return page("submissions/marks.html", found.seen, tab="manage", submission=found.submission, form=form)
