"""Forms for taking part."""

from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from app.rules.errors import DomainError, Invalid
from app.web.forms.base import Form, at_most


class AloneForm(Form):
    """Take part as a team of one."""

    accepts_rules = BooleanField(_l("I have read the rules and accept them"))

    def refused(self, problem: DomainError) -> Self:
        """Show a refusal; where it is about the rules, they are to be accepted anew."""
        if isinstance(problem, Invalid) and problem.field == "accepts_rules":
            self.accepts_rules.data = False
        return super().refused(problem)


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
