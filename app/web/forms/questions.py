"""The form in which a host says what the form of a phase asks beside the file."""

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField
from wtforms.validators import ValidationError

from app.rules.attributes import Kind
from app.rules.bounds import LONGEST_OPTION, LONGEST_SUMMARY, LONGEST_TITLE
from app.rules.editing import check_text
from app.rules.errors import Invalid
from app.rules.questions import MOST, QuestionsEdit, check_options, options_of, question
from app.web.filters import said
from app.web.forms.base import REQUIRED, Form, Sound, chosen_from, text, trimmed
from app.web.forms.editing import EditForm, area

SPARE = 2
KINDS = {
    Kind.TEXT.value: _l("a text"),
    Kind.BOOLEAN.value: _l("yes or no"),
    Kind.RADIO.value: _l("one of several options"),
    Kind.CHECKBOX.value: _l("any of several options"),
}


def _check_lines(value: str) -> None:
    for option in options_of(value):
        check_text(option, longest=LONGEST_OPTION)


def exchanged(sent: MultiDict[str, str], one: int, other: int) -> MultiDict[str, str]:
    """Return what was sent of the form with two of its questions in each other's place."""
    places = {f"own-{one}-": f"own-{other}-", f"own-{other}-": f"own-{one}-"}

    def moved(name: str) -> str:
        begin = next((it for it in places if name.startswith(it)), "")
        return places[begin] + name[len(begin) :] if begin else name

    return MultiDict([(moved(name), value) for name, value in sent.items(multi=True)])


class QuestionForm(Form):
    """One question; a row without a name and anything else is none."""

    class Meta(Form.Meta):
        """A part of a form: the token is the whole form's."""

        csrf = False

    name = StringField(
        _l("Question"),
        filters=[trimmed],
        validators=[Sound(lambda value: check_text(value, longest=LONGEST_TITLE))],
    )
    kind = SelectField(_l("Answered by"), choices=chosen_from(KINDS), default=Kind.TEXT.value)
    description: Any = area(
        _l("Help below it"), lambda value: check_text(value, longest=LONGEST_SUMMARY), rows=2, filters=[trimmed]
    )
    options: Any = area(
        _l("Options"), _check_lines, rows=3, description=_l("One per line; only for the last two kinds of answers.")
    )
    required = BooleanField(_l("Must be answered"))
    is_visible = BooleanField(_l("Others see the answer"), default=True)
    is_removed = BooleanField(_l("Remove this question"))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is asked in this row."""
        written = (self.name, self.description, self.options)
        return bool(self.is_removed.data) or not any(text(it) for it in written)

    def validate_name(self, field: StringField) -> None:
        """Raise ValidationError for a question without words."""
        if not self.is_blank and not text(field):
            raise ValidationError(REQUIRED)

    def validate_options(self, field: Any) -> None:
        """Raise ValidationError for options that cannot be offered."""
        if self.is_blank:
            return
        try:
            check_options(self.kind.data, options_of(text(field)))
        except Invalid as problem:
            raise ValidationError(said(problem)) from problem

    @property
    def row(self) -> dict[str, Any]:
        """Return the question as a phase keeps it."""
        return question(
            text(self.name),
            is_visible=bool(self.is_visible.data),
            description=text(self.description),
            type=self.kind.data,
            options=options_of(text(self.options)),
            required=bool(self.required.data),
        )


class QuestionsForm(EditForm):
    """The usual fields of a phase's form, and its own questions."""

    method_name = BooleanField(_l("Method"))
    method_description = BooleanField(_l("Note"))
    project_url = BooleanField(_l("Project page"))
    publication_url = BooleanField(_l("Publication"))
    own = FieldList(FormField(QuestionForm), max_entries=MOST + SPARE)

    @classmethod
    def over(cls, before: QuestionsEdit, sent: MultiDict[str, str] | None = None) -> "QuestionsForm":
        """Make the form filled with what is asked now and some empty rows, or with what was sent.

        `sent` takes the place of what came with the request.
        """
        rows = [it | {"kind": it["type"], "options": "\n".join(it["options"])} for it in before.own]
        spare: list[dict[str, Any]] = [{"is_visible": True}] * min(SPARE, MOST + SPARE - len(rows))
        given = {} if sent is None else {"formdata": sent}
        return cls(data=dict(before.usual) | {"own": [*rows, *spare]}, **given)

    @property
    def asked(self) -> int:
        """How many rows from the first one on ask something."""
        return next((place for place, it in enumerate(self.own) if not text(it.form.name)), len(self.own))

    def edit(self) -> QuestionsEdit:
        """Return what was filled in, typed."""
        usual = {name: bool(self[name].data) for name in ("method_name", "method_description")}
        usual |= {name: bool(self[name].data) for name in ("project_url", "publication_url")}
        return QuestionsEdit(usual=usual, own=[it.form.row for it in self.own if not it.form.is_blank])
