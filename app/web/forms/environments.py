"""The form that asks for an environment."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from app.bundles.environment_text import LONGEST, normalised
from app.web.forms.base import REQUIRED, Form, at_most, text


class EnvironmentForm(Form):
    """What an environment is to hold."""

    requirements = TextAreaField(
        _l("Packages"),
        validators=[InputRequired(REQUIRED), at_most(LONGEST)],
        description=_l("One per line, with a version if it matters, as in requirements.txt"),
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Say everything that is wrong with the lines at once."""
        sound = bool(super().validate(extra_validators))
        _kept, mistakes = normalised(text(self.requirements))
        said = [_(it.message, line=it.line, text=it.text) for it in mistakes]
        self.requirements.errors = [*self.requirements.errors, *said]
        return sound and not said

    @property
    def normal(self) -> str:
        """The requirements in the form in which equal ones are equal."""
        return normalised(text(self.requirements))[0]
