"""What people say about a submission besides its file: the fields, and how they are read."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField, URLField
from wtforms.validators import URL, Optional

from app.rules.attributes import LONGEST_TEXT
from app.services.submissions import Method
from app.web.forms.attributes import AttributeForm
from app.web.forms.base import at_most, one_line, some_lines, text


class MethodForm(AttributeForm):
    """A form that may have the fields `method_name`, `method_description`, `project_url` and `publication_url`."""

    @property
    def method(self) -> Method:
        """What was said; empty where the form does not ask."""
        return Method(
            name=self._said("method_name"),
            description=self._said("method_description"),
            project_url=self._said("project_url"),
            publication_url=self._said("publication_url"),
            attributes=self.answers,
        )

    def _said(self, name: str) -> str:
        return text(self[name]) if name in self else ""


def name_field() -> StringField:
    """Return a field for the name of a method."""
    return StringField(
        _l("Method"),
        description=_l("For example: gradient boosting, 300 trees"),
        filters=[one_line],
        validators=[at_most(200)],
    )


def note_field(*, rows: int) -> TextAreaField:
    """Return a field for a note of some lines."""
    return TextAreaField(_l("Note"), filters=[some_lines], validators=[at_most(LONGEST_TEXT)], render_kw={"rows": rows})


def address_field(label: str) -> URLField:
    """Return a field for the address of a page."""
    said = _l("This is not a web address. Write one such as https://example.com/page.")
    return URLField(label, filters=[one_line], validators=[Optional(), URL(message=said), at_most(500)])
