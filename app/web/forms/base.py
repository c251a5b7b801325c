"""What all forms share: values are trimmed at the edge, and a refusal by the domain stands beside its field."""

import functools
from collections.abc import Callable
from typing import Any, Self

from babel.support import NullTranslations, Translations
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the type stubs know only 3.2
from wtforms.i18n import messages_path
from wtforms.validators import EqualTo, InputRequired, Length, Optional, StopValidation, ValidationError

from app.rules.emails import checked_email
from app.rules.errors import DomainError, Invalid
from app.rules.names import display_name, without_hidden_signs
from app.rules.passwords import SHORTEST, checked
from app.rules.zones import ZONES
from app.services.registration import LONGEST_NAME
from app.web.filters import said
from app.web.locale import LANGUAGES
from app.web.settings import current_site

REQUIRED = _l("Please fill this in.")
TOO_OLD = _l("This form is too old, or it came from another page. Load the page again and repeat the step.")


class _AtMost(Length):
    """Length as the only complaint: what is wrong besides with so long a text would only contradict it."""

    def __call__(self, form: FlaskForm, field: StringField) -> None:
        """Raise the complaint, and ask nobody else."""
        try:
            super().__call__(form, field)
        except ValidationError as problem:
            raise StopValidation(*problem.args) from problem


def at_most(longest: int) -> Length:
    """Return the check that a text has at most so many characters."""
    return _AtMost(max=longest, message=_l("This is too long. Use at most %(max)d characters."))


@functools.cache
def _sentences(locale: str) -> NullTranslations:
    """Load what WTForms says in a language once; Flask-WTF would read the file anew for each request."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form that can also carry what services say."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """How WTForms makes these forms."""

        def get_translations(self, _form: FlaskForm) -> NullTranslations:
            """Return WTForms' own sentences in the language of the page."""
            return _sentences(str(get_locale()))

    def refused(self, problem: DomainError) -> Self:
        """Show a refusal beside the field it belongs to, or above the form."""
        field = self._fields.get(problem.field) if isinstance(problem, Invalid) and problem.field else None
        if field is None:
            self.form_errors: list[str] = [*self.errors.get(None, ()), said(problem)]
        else:
            field.errors = [*field.errors, said(problem)]
        return self


class OneFile:
    """Refuse several files at once, of which all but the first would be left out without a word."""

    def __call__(self, _form: FlaskForm, field: FileField) -> None:
        """Raise StopValidation when more than one file came."""
        if sum(bool(it) for it in field.raw_data or ()) > 1:
            raise StopValidation(gettext("Send one file at a time."))


def text(field: StringField) -> str:
    """Return what was written into a field, empty when nothing was."""
    return field.data or ""


def trimmed(value: str | None) -> str | None:
    """Take the blanks around a value away."""
    return value.strip() if value else value


def one_line(value: str | None) -> str | None:
    """Take away what could mislead who reads a line: line breaks, control and direction signs."""
    return without_hidden_signs(value).strip() if value else value


def some_lines(value: str | None) -> str | None:
    """Do the same for a text of several lines."""
    return without_hidden_signs(value, lines=True).strip() if value else value


class Sound:
    """Ask the domain about a field, so that all complaints about a form come at once."""

    def __init__(self, check: Callable[[str], object]) -> None:
        self.check = check

    def __call__(self, _form: FlaskForm, field: StringField) -> None:
        """Raise what the domain says, translated."""
        try:
            self.check(text(field))
        except Invalid as problem:
            raise ValidationError(said(problem)) from problem


class SoundPassword:
    """Ask the domain about a new password, given the names that stand in the same form."""

    def __call__(self, form: FlaskForm, field: PasswordField) -> None:
        """Raise what the domain says, translated."""
        names = [text(form[name]) for name in ("name", "email", "site_name") if name in form]
        Sound(lambda password: checked(password, own_words=[*names, current_site().name]))(form, field)


def name_field(label: str, *, description: str = "") -> StringField:
    """Return a required name, trimmed."""
    name = Sound(lambda value: display_name(value, longest=LONGEST_NAME))
    return StringField(
        label, filters=[trimmed], validators=[InputRequired(REQUIRED), at_most(500), name], description=description
    )


def email_field(*, optional: bool = False, description: str = "") -> StringField:
    """Return a field for one e-mail address."""
    needed = Optional() if optional else InputRequired(REQUIRED)
    validators = [needed, at_most(320), Sound(checked_email)]
    return StringField(_l("E-mail address"), filters=[trimmed], validators=validators, description=description)


def current_password_field(label: str) -> PasswordField:
    """Return a field for a password that exists already."""
    return PasswordField(label, validators=[InputRequired(REQUIRED)])


def new_password_field(label: str = _l("Password")) -> PasswordField:
    """Return a field for a new password."""
    return PasswordField(
        label,
        validators=[InputRequired(REQUIRED), SoundPassword()],
        description=_l(
            "At least %(shortest)s characters. A few unrelated words are safe and easy to remember.",
            shortest=SHORTEST,
        ),
    )


def repeated_password_field() -> PasswordField:
    """Return the field in which a new password is typed a second time: there is no mail to reset a mistyped one by."""
    return PasswordField(
        _l("The same password again"),
        validators=[InputRequired(REQUIRED), EqualTo("password", _l("The two passwords differ. Type both again."))],
    )


def chosen_from(labels: dict[str, str]) -> Any:
    """Return the choices of a field, given as value to label, in the form that WTForms 3.3 takes."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def language_field() -> SelectField:
    """Return a choice of the languages that Shiai speaks."""
    return SelectField(_l("Language"), choices=chosen_from(LANGUAGES))


def zone_field(*, empty: str | None = None) -> SelectField:
    """Return a choice of all time zones; `empty` names the choice of none."""
    none = {} if empty is None else {"": empty}
    validators = [Optional()] if empty is not None else [InputRequired(REQUIRED)]
    return SelectField(
        _l("Time zone"), choices=chosen_from(none | {zone: zone for zone in ZONES}), validators=validators
    )
