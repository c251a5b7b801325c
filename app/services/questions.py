"""What the form of a phase asks beside the file, changed without a new upload. Given answers stay."""

import json
from dataclasses import asdict
from datetime import datetime

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Phase
from app.rules.questions import QuestionsEdit, check_questions, listed_usual, shown_usual
from app.services import audit, boards, editing


def current(phase: Phase) -> QuestionsEdit:
    """Return what the form of a phase asks now."""
    usual = shown_usual(phase.default_submission_meta_attributes)
    return QuestionsEdit(usual=usual, own=[dict(it) for it in phase.submission_meta_attributes])


def edit(phase: Phase, wanted: QuestionsEdit, *, seen: str, by: Account, now: datetime) -> None:
    """Have the form ask something else from now on; its boards are drawn anew, which show what may be seen of it.

    Raises Invalid for questions that cannot be asked, Conflict where somebody else was first.
    """
    check_questions(wanted.own)
    with writing() as session:
        editing.check_runs(phase.challenge, by)
        before = current(phase)
        editing.check_seen(asdict(before), seen)
        if wanted == before:
            return
        phase.default_submission_meta_attributes = listed_usual(phase.default_submission_meta_attributes, wanted.usual)
        phase.submission_meta_attributes = [dict(it) for it in wanted.own]
        changed = audit.changes(_written(before), _written(wanted))
        subject = f"{phase.challenge.slug}: {phase.codename}"
        audit.record(session, by=by, action="questions.edited", subject=subject, details=changed, now=now)
        session.flush()
        boards.raise_versions(session, phase.splits)


def _written(questions: QuestionsEdit) -> dict[str, str]:
    return {name: json.dumps(value, ensure_ascii=False) for name, value in asdict(questions).items()}
