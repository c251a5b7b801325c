"""Forms of a team's page."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from app.web.forms.base import REQUIRED, Form, at_most, one_line


class NameForm(Form):
    """Rename a team."""

    name = StringField(_l("Team name"), filters=[one_line], validators=[InputRequired(REQUIRED), at_most(40)])


class InviteForm(Form):
    """Ask somebody into the team."""

    name = StringField(
        _l("Name of the person"),
        filters=[one_line],
        validators=[InputRequired(REQUIRED), at_most(100)],
        description=_l("The name the person signs in with. You are not told whether such a person exists."),
    )


class MergeForm(Form):
    """Ask another team to take one's own in."""

    name = StringField(
        _l("Name of the other team"), filters=[one_line], validators=[InputRequired(REQUIRED), at_most(100)]
    )
