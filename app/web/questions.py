"""What the form of a phase asks beside the file."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import clock
from app.rules.editing import fingerprint
from app.rules.questions import QuestionsEdit
from app.services import questions
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.editing import answer
from app.web.forms.base import text
from app.web.forms.questions import QuestionsForm, exchanged
from app.web.loading import hosted_phase

# the buttons send "-2" or "+2": the question in place 2, counted from 0, up or down
MOVES = {"-": -1, "+": 1}

bp = Blueprint("questions", __name__, url_prefix="/challenges/<slug>/manage/edit/phases/<codename>/form")


@bp.route("", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def edit(slug: str, codename: str) -> ResponseReturnValue:
    seen, phase = hosted_phase(slug, codename)
    before = questions.current(phase)
    form = QuestionsForm.over(before)
    step = MOVES.get(request.form.get("move", "")[:1])
    if step is not None:
        return page("editing/questions.html", seen, tab="manage", phase=phase, **_moved(before, form, step))

    def save() -> None:
        questions.edit(phase, form.edit(), seen=text(form.seen), by=account_at_browser(), now=clock.now())

    return answer("editing/questions.html", seen, form, save, seen_now=fingerprint(asdict(before)), phase=phase)


def _moved(before: QuestionsEdit, form: QuestionsForm, step: int) -> dict[str, Any]:
    """Return the form as it was sent, with one question a place further up or down; nothing is saved by that."""
    place = int(request.form["move"][1:]) if request.form["move"][1:].isdecimal() else -1
    if not (0 <= place < form.asked and 0 <= place + step < form.asked):
        return {"form": form}
    moved = QuestionsForm.over(before, exchanged(request.form, place, place + step))
    return {"form": moved, "moved_to": place + step, "moved_by": step}
