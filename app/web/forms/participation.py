"""Forms for taking part."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from app.web.forms.base import Form, at_most


class AloneForm(Form):
    """Take part as a team of one."""

    accepts_rules = BooleanField(_l("I have read the rules and accept them"))


class InvitedForm(AloneForm):
    """Join the team that one was asked into."""


class FoundTeamForm(AloneForm):
    """Take part with a new team."""

    name = StringField(_l("Team name"), validators=[InputRequired(_l("Write a name for the team.")), at_most(40)])


class JoinTeamForm(AloneForm):
    """Join somebody's team."""

    code = StringField(
        _l("Team code"), validators=[InputRequired(_l("Write the code that the team gave you.")), at_most(40)]
    )
