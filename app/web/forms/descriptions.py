"""The form that edits what was said about a submission."""

from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from app.models.challenges import Phase
from app.rules.attributes import LONGEST_TEXT
from app.services.submissions import Method
from app.web.forms.attributes import AttributeForm, asking
from app.web.forms.base import at_most, one_line, some_lines, text
from app.web.forms.submissions import address_field


class DescriptionForm(AttributeForm):
    """Method, note and links; `for_phase` adds the attributes of a phase."""

    method_name = StringField(
        _l("Method"),
        description=_l("For example: gradient boosting, 300 trees"),
        filters=[one_line],
        validators=[at_most(200)],
    )
    method_description = TextAreaField(
        _l("Note"), filters=[some_lines], validators=[at_most(LONGEST_TEXT)], render_kw={"rows": 4}
    )
    project_url = address_field(_l("Project page"))
    publication_url = address_field(_l("Publication"))

    @classmethod
    def for_phase(cls, phase: Phase) -> "type[DescriptionForm]":
        """Return the form class of one phase."""
        return cast("type[DescriptionForm]", asking(cls, phase.submission_meta_attributes))

    @property
    def method(self) -> Method:
        """What the participant says besides the file."""
        return Method(
            name=text(self.method_name),
            description=text(self.method_description),
            project_url=text(self.project_url),
            publication_url=text(self.publication_url),
            attributes=self.answers,
        )
