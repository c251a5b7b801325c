"""The form that sends a file to a phase, with the attributes the phase asks for."""

import functools
import json
import secrets
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import URL, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.models.challenges import Phase
from app.services.submissions import Method
from app.storage import IncomingFile
from app.web.forms.base import Form, at_most, chosen_from, one_line, some_lines, text

LONGEST_TEXT = 2000


class ChoicesField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SubmissionForm(Form):
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

    # filled in by for_phase: field name -> the attribute as the bundle declares it
    asked: dict[str, dict[str, Any]]

    @classmethod
    def for_phase(cls, phase: Phase) -> "SubmissionForm":
        """Make the form of one phase, filled from the request or fresh with a new form key."""
        made = _class_for(
            json.dumps(phase.submission_meta_attributes),
            visible=frozenset(it["name"] for it in phase.default_submission_meta_attributes if it.get("is_visible")),
            leaves_choice=phase.leaderboard_public,
        )
        shown = phase.is_submission_public or not phase.is_restricted_to_select_one_submission
        return made(data={"form_key": secrets.token_urlsafe(24), "show_on_board": shown})

    @property
    def attribute_fields(self) -> list[Field]:
        """The fields that only this phase has, in the bundle's order."""
        return [self[name] for name in self.asked]

    @property
    def received(self) -> IncomingFile:
        """The uploaded file as the store received it."""
        upload = cast("FileStorage", self.file.data)
        return cast("IncomingFile", upload.stream)

    @property
    def method(self) -> Method:
        """What the participant said besides the file."""
        return Method(
            name=text(self.method_name),
            description=text(self.method_description),
            project_url=self._optional("project_url"),
            publication_url=self._optional("publication_url"),
            attributes=[_answer(attribute, self[name].data) for name, attribute in self.asked.items()],
        )

    @property
    def wish(self) -> bool | None:
        """Whether to show the submission on the board; None where the phase leaves no choice."""
        return bool(self.show_on_board.data) if "show_on_board" in self else None

    def _optional(self, name: str) -> str:
        return text(self[name]) if name in self else ""


@functools.lru_cache(maxsize=256)
def _class_for(attributes: str, *, visible: frozenset[str], leaves_choice: bool) -> type[SubmissionForm]:
    """Make the form class of phases that ask the same (`attributes` as JSON); making one takes a millisecond."""
    fields: dict[str, Any] = {"asked": {}}
    if not leaves_choice:
        fields["show_on_board"] = None
    for name, label in (("project_url", _l("Project page")), ("publication_url", _l("Publication"))):
        if name in visible:
            fields[name] = _address_field(label)
    for number, attribute in enumerate(json.loads(attributes)):
        name = f"attribute_{number}"
        fields[name] = _field(attribute)
        fields["asked"][name] = attribute
    return cast("type[SubmissionForm]", type("PhaseSubmissionForm", (SubmissionForm,), fields))


def _address_field(label: str) -> URLField:
    said = _l("This is no web address. Write one such as https://example.com/page.")
    return URLField(label, filters=[one_line], validators=[Optional(), URL(message=said), at_most(500)])


def _field(attribute: dict[str, Any]) -> Any:
    required = InputRequired(_l("This is asked for by the host.")) if attribute.get("required") else Optional()
    label, hint = attribute["name"], attribute.get("description") or ""
    kind, options = attribute.get("type"), chosen_from({str(it): str(it) for it in attribute.get("options") or []})
    if kind == "boolean":
        return BooleanField(label, description=hint)
    if kind == "radio":
        return RadioField(label, description=hint, choices=options, validators=[required])
    if kind == "checkbox":
        return ChoicesField(label, description=hint, choices=options, validators=[required])
    return StringField(label, description=hint, filters=[one_line], validators=[required, at_most(LONGEST_TEXT)])


def _answer(attribute: dict[str, Any], given: Any) -> dict[str, Any]:
    """Put an answer into EvalAI's shape: `value` for text, radio and boolean (as text), `values` for check boxes."""
    kept = {key: attribute[key] for key in ("name", "type", "description", "options", "required") if key in attribute}
    if attribute.get("type") == "checkbox":
        return kept | {"values": list(given or [])}
    if attribute.get("type") == "boolean":
        return kept | {"value": str(bool(given))}
    return kept | {"value": given or ""}
