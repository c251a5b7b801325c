"""The form that edits what was said about a submission."""

from typing import cast

from flask_babel import lazy_gettext as _l

from app.models.challenges import Phase
from app.web.forms.attributes import asking
from app.web.forms.methods import MethodForm, address_field, name_field, note_field


class DescriptionForm(MethodForm):
    """Method, note and links; `for_phase` adds the attributes of a phase."""

    method_name = name_field()
    method_description = note_field(rows=4)
    project_url = address_field(_l("Project page"))
    publication_url = address_field(_l("Publication"))

    @classmethod
    def for_phase(cls, phase: Phase) -> "type[DescriptionForm]":
        """Return the form class of one phase."""
        return cast("type[DescriptionForm]", asking(cls, phase.submission_meta_attributes))
