"""The form that sends a file to a phase, with the attributes the phase asks for."""

import functools
import json
import secrets
from typing import Any, cast

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from app.models.challenges import Phase
from app.rules.files import pasteable
from app.storage import IncomingFile
from app.web.forms.attributes import asking
from app.web.forms.base import TOO_OLD, chosen_from, text
from app.web.forms.methods import MethodForm, address_field, name_field, note_field

LONGEST_PASTE = 1_000_000
# how a program names the attributes of a phase: attribute:Model=tree
ATTRIBUTE = "attribute:"
NOT_TRUE = (False, "false", "no", "off", "0", "")


class SubmissionForm(MethodForm):
    """What every phase asks; `for_phase` adds what one phase asks besides."""

    file = FileField(_l("File with your predictions"))
    # a text that becomes the file; where scripts run it is sent as one, and may be longer
    pasted = TextAreaField(_l("Text of the file"))
    pasted_kind: SelectField
    # set by the button that sends a file of the team once more
    same_as = IntegerField(validators=[Optional()])
    # what programs say to send bytes once more that they have at hand
    again = BooleanField(false_values=NOT_TRUE)
    method_name = name_field()
    method_description = note_field(rows=2)
    show_on_board = BooleanField(_l("Show on the leaderboard"), false_values=NOT_TRUE)
    form_key = HiddenField(validators=[Length(min=16, max=64, message=TOO_OLD)])

    @classmethod
    def for_phase(cls, phase: Phase) -> "SubmissionForm":
        """Make the form of one phase, filled from the request or fresh with a new form key."""
        shown = phase.is_submission_public or not phase.is_restricted_to_select_one_submission
        return cls.class_for(phase)(data={"form_key": secrets.token_urlsafe(24), "show_on_board": shown})

    @classmethod
    def class_for(cls, phase: Phase) -> "type[SubmissionForm]":
        """Return the form class of one phase."""
        return _class_for(
            json.dumps(phase.submission_meta_attributes),
            listed=frozenset(
                (it["name"], bool(it.get("is_visible"))) for it in phase.default_submission_meta_attributes
            ),
            leaves_choice=phase.leaderboard_public,
            kinds=pasteable(phase.allowed_submission_file_types),
        )

    def validate_file(self, field: FileField) -> None:
        """Raise ValidationError unless one file was chosen, a text pasted, or an earlier file is sent again."""
        if not (field.data or self.pasted_text or self.same_as.data):
            raise ValidationError(_l("Choose a file."))
        if len(request.files.getlist(field.name)) > 1:
            raise ValidationError(
                _l("Send one file at a time. Several files have to go into a zip, if the phase accepts one.")
            )

    def validate_pasted(self, field: TextAreaField) -> None:
        """Raise ValidationError for a text that should rather come as a file."""
        # not by Length, which would have the browser cut the text off
        if len(text(field)) > LONGEST_PASTE:
            raise ValidationError(_l("This is too long to be pasted. Save it as a file and send that."))

    @property
    def received(self) -> IncomingFile | None:
        """The uploaded file as the store received it, None when none was chosen."""
        upload = cast("FileStorage | None", self.file.data)
        return cast("IncomingFile", upload.stream) if upload else None

    @property
    def file_name(self) -> str:
        """The name of the uploaded file, or the one that a pasted text gets."""
        if self.file.data:
            return self.file.data.filename or ""
        return f"pasted{self.pasted_kind.data}" if self.pasted_text else ""

    @property
    def is_again(self) -> bool:
        """Whether it is known that the team sent these bytes before."""
        return bool(self.same_as.data or self.again.data)

    @property
    def pasted_text(self) -> str:
        """The pasted text with the line ends that files have; browsers send others."""
        return text(self.pasted).replace("\r\n", "\n") if "pasted" in self else ""

    @property
    def wish(self) -> bool | None:
        """Whether to show the submission on the board; None where the phase leaves no choice."""
        return bool(self.show_on_board.data) if "show_on_board" in self else None

    def names_of_errors(self) -> dict[str, list[str]]:
        """Return what is wrong by the names under which a program sends it."""
        named = {name: f"{ATTRIBUTE}{attribute.name}" for name, attribute in self.asked.items()}
        return {
            named.get(name, name): [str(it) for it in said] for name, said in self.errors.items() if name is not None
        }


@functools.lru_cache(maxsize=256)
def _class_for(
    attributes: str, *, listed: frozenset[tuple[str, bool]], leaves_choice: bool, kinds: tuple[str, ...]
) -> type[SubmissionForm]:
    """Make the form class of phases that ask the same: `attributes` as JSON, `listed` the usual fields they name.

    `kinds` are the endings a pasted text may get. EvalAI asks for a usual field only where it is listed as visible;
    method and note are asked here unless hidden.
    """
    fields: dict[str, Any] = {} if leaves_choice else {"show_on_board": None}
    fields |= {"pasted_kind": _kind_field(kinds)} if kinds else {"pasted": None, "pasted_kind": None}
    fields |= {name: None for name in ("method_name", "method_description") if (name, False) in listed}
    for name, label in (("project_url", _l("Project page")), ("publication_url", _l("Publication"))):
        if (name, True) in listed:
            fields[name] = address_field(label)
    base = cast("type[SubmissionForm]", type("PhaseSubmissionForm", (SubmissionForm,), fields))
    return asking(base, json.loads(attributes))


def _kind_field(kinds: tuple[str, ...]) -> SelectField:
    return SelectField(_l("Kind of file"), choices=chosen_from({kind: kind for kind in kinds}), default=kinds[0])
