"""What the form of a phase asks beside the file."""

from dataclasses import asdict

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import clock
from app.rules.editing import fingerprint
from app.services import questions
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.editing import answer
from app.web.forms.base import text
from app.web.forms.questions import QuestionsForm
from app.web.loading import hosted_phase

bp = Blueprint("questions", __name__, url_prefix="/challenges/<slug>/manage/edit/phases/<codename>/form")


@bp.route("", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def edit(slug: str, codename: str) -> ResponseReturnValue:
    seen, phase = hosted_phase(slug, codename)
    before = questions.current(phase)
    form = QuestionsForm.over(before)

    def save() -> None:
        questions.edit(phase, form.edit(), seen=text(form.seen), by=account_at_browser(), now=clock.now())

    return answer("editing/questions.html", seen, form, save, seen_now=fingerprint(asdict(before)), phase=phase)
