"""The form that makes an access token."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from app.services.tokens import LIFETIMES, LONGEST_NAME
from app.web.forms.base import REQUIRED, Form, at_most, chosen_from, one_line


class TokenForm(Form):
    """Name a token and say how long it lives."""

    name = StringField(
        _l("What it is for"),
        description=_l("For example: training server"),
        filters=[one_line],
        validators=[InputRequired(REQUIRED), at_most(LONGEST_NAME)],
    )
    days = SelectField(
        _l("Valid for"),
        choices=chosen_from({str(days): _l("%(days)s days", days=days) for days in LIFETIMES}),
        default=str(LIFETIMES[1]),
    )
