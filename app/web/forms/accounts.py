"""Forms around a person's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from app.web.forms.base import (
    REQUIRED,
    Form,
    at_most,
    current_password_field,
    email_field,
    language_field,
    name_field,
    new_password_field,
    repeated_password_field,
    trimmed,
    zone_field,
)

NAME_HINT = _l("Shown on leaderboards.")


class SignInForm(Form):
    """Sign in by name or e-mail address."""

    who = StringField(
        _l("Name or e-mail address"), filters=[trimmed], validators=[InputRequired(REQUIRED), at_most(320)]
    )
    password = current_password_field(_l("Password"))


class SignUpForm(Form):
    """Make an account."""

    name = name_field(_l("Name"), description=NAME_HINT)
    email = email_field()
    password = new_password_field()
    again = repeated_password_field()


class NewPasswordForm(Form):
    """Set a new password with a link."""

    password = new_password_field(_l("New password"))
    again = repeated_password_field()


class ChangePasswordForm(Form):
    """Change the own password."""

    current = current_password_field(_l("Current password"))
    password = new_password_field(_l("New password"))
    again = repeated_password_field()


class ConfirmForm(Form):
    """Give the password again."""

    password = current_password_field(_l("Password"))


class ProfileForm(Form):
    """The own name, language and time zone."""

    name = name_field(_l("Name"), description=NAME_HINT)
    language = language_field()
    timezone = zone_field(empty=_l("The site's time zone"))
