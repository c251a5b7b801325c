"""Forms of the installation: its set-up, its settings, the people on it."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from app.rules.emails import checked_domains
from app.rules.states import HostingPolicy, SignUpPolicy
from app.services.site import Choices, checked_choices
from app.web.forms.base import (
    REQUIRED,
    Form,
    Sound,
    at_most,
    chosen_from,
    email_field,
    language_field,
    name_field,
    new_password_field,
    repeated_password_field,
    text,
    zone_field,
)


class SiteForm(Form):
    """What an admin chooses for the site."""

    site_name = name_field(_l("Name of this site"), description=_l("Shown on top of every page."))
    language = language_field()
    timezone = zone_field()
    sign_up = RadioField(
        _l("Who may make an account"),
        choices=chosen_from(
            {
                SignUpPolicy.INVITATION.value: _l("Only people with an invitation link"),
                SignUpPolicy.DOMAINS.value: _l("People with an e-mail address of the domains below"),
                SignUpPolicy.OPEN.value: _l("Anybody who can reach this server"),
            }
        ),
        validators=[InputRequired(REQUIRED)],
        description=_l("No mail is sent, so e-mail addresses are not verified."),
    )
    sign_up_domains = TextAreaField(
        _l("E-mail domains"),
        validators=[at_most(2000), Sound(lambda value: checked_domains(value, field="sign_up_domains"))],
        description=_l("Separated by commas: example.com, lab.example.com"),
        render_kw={"rows": 2},
    )
    hosting = RadioField(
        _l("Who may host a challenge"),
        choices=chosen_from(
            {
                HostingPolicy.NAMED.value: _l("People chosen by an administrator"),
                HostingPolicy.EVERYBODY.value: _l("Everybody with an account"),
            }
        ),
        validators=[InputRequired(REQUIRED)],
        description=_l("An administrator approves every challenge before it is live."),
    )
    visitors_may_read = BooleanField(_l("Visitors may read challenges and leaderboards without signing in"))

    def site_choices(self) -> Choices:
        """Return what was filled in, typed; Invalid names the field that cannot be accepted."""
        return checked_choices(
            name=text(self.site_name),
            timezone=self.timezone.data,
            language=self.language.data,
            sign_up=SignUpPolicy(self.sign_up.data),
            sign_up_domains=text(self.sign_up_domains),
            hosting=HostingPolicy(self.hosting.data),
            visitors_may_read=self.visitors_may_read.data,
        )


class SetUpForm(SiteForm):
    """The first admin and the site in one go."""

    name = name_field(_l("Your name"), description=_l("Shown on leaderboards."))
    email = email_field()
    password = new_password_field()
    again = repeated_password_field()
    with_examples = BooleanField(
        _l("Install the example challenges"),
        default=True,
        description=_l("Three small challenges on real data, ready to take part in."),
    )


class InviteForm(Form):
    """Invite somebody."""

    email = email_field(optional=True, description=_l("Empty: whoever holds the link may use it, once."))


class EmailForm(Form):
    """Change somebody's e-mail address."""

    email = email_field()
