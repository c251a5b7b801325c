"""The form that sends a file to a phase, with the attributes the phase asks for."""

import functools
import json
import secrets
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, StringField, TextAreaField, URLField
from wtforms.validators import URL, Length, Optional

from app.models.challenges import Phase
from app.rules.attributes import LONGEST_TEXT
from app.services.submissions import Method
from app.storage import IncomingFile
from app.web.forms.attributes import AttributeForm, asking
from app.web.forms.base import at_most, one_line, some_lines, text


class SubmissionForm(AttributeForm):
    """What every phase asks; `for_phase` adds what one phase asks besides."""

    file = FileField(_l("File with your predictions"), validators=[FileRequired(_l("Choose a file."))])
    method_name = StringField(
        _l("Method"),
        description=_l("For example: gradient boosting, 300 trees"),
        filters=[one_line],
        validators=[at_most(200)],
    )
    method_description = TextAreaField(
        _l("Note"), filters=[some_lines], validators=[at_most(LONGEST_TEXT)], render_kw={"rows": 2}
    )
    show_on_board = BooleanField(_l("Show on the leaderboard"))
    form_key = HiddenField(validators=[Length(min=16, max=64)])

    @classmethod
    def for_phase(cls, phase: Phase) -> "SubmissionForm":
        """Make the form of one phase, filled from the request or fresh with a new form key."""
        made = _class_for(
            json.dumps(phase.submission_meta_attributes),
            listed=frozenset(
                (it["name"], bool(it.get("is_visible"))) for it in phase.default_submission_meta_attributes
            ),
            leaves_choice=phase.leaderboard_public,
        )
        shown = phase.is_submission_public or not phase.is_restricted_to_select_one_submission
        return made(data={"form_key": secrets.token_urlsafe(24), "show_on_board": shown})

    @property
    def received(self) -> IncomingFile:
        """The uploaded file as the store received it."""
        upload = cast("FileStorage", self.file.data)
        return cast("IncomingFile", upload.stream)

    @property
    def method(self) -> Method:
        """What the participant said besides the file."""
        return Method(
            name=self._optional("method_name"),
            description=self._optional("method_description"),
            project_url=self._optional("project_url"),
            publication_url=self._optional("publication_url"),
            attributes=self.answers,
        )

    @property
    def wish(self) -> bool | None:
        """Whether to show the submission on the board; None where the phase leaves no choice."""
        return bool(self.show_on_board.data) if "show_on_board" in self else None

    def _optional(self, name: str) -> str:
        return text(self[name]) if name in self else ""


@functools.lru_cache(maxsize=256)
def _class_for(attributes: str, *, listed: frozenset[tuple[str, bool]], leaves_choice: bool) -> type[SubmissionForm]:
    """Make the form class of phases that ask the same: `attributes` as JSON, `listed` the usual fields they name.

    EvalAI asks for a usual field only where it is listed as visible; method and note are asked here unless hidden.
    """
    fields: dict[str, Any] = {} if leaves_choice else {"show_on_board": None}
    fields |= {name: None for name in ("method_name", "method_description") if (name, False) in listed}
    for name, label in (("project_url", _l("Project page")), ("publication_url", _l("Publication"))):
        if (name, True) in listed:
            fields[name] = _address_field(label)
    base = cast("type[SubmissionForm]", type("PhaseSubmissionForm", (SubmissionForm,), fields))
    return asking(base, json.loads(attributes))


def _address_field(label: str) -> URLField:
    said = _l("This is no web address. Write one such as https://example.com/page.")
    return URLField(label, filters=[one_line], validators=[Optional(), URL(message=said), at_most(500)])
