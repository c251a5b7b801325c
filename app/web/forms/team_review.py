"""Forms of a host about teams."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.rules.eligibility import domains_and_addresses
from app.services.team_review import TeamSettings
from app.web import locale
from app.web.forms.base import REQUIRED, Form, Sound, at_most, one_line, text
from app.web.forms.editing_fields import OptionalMomentField

WORDS = _l(
    "Domains such as example.com, including their subdomains, or whole addresses; separated by commas or line breaks."
)


class ReasonForm(Form):
    """Refuse or ban, and say why."""

    reason = StringField(
        _l("Reason"),
        filters=[one_line],
        validators=[InputRequired(REQUIRED), at_most(500)],
        description=_l("The people concerned read it."),
    )


class TeamSettingsForm(Form):
    """How teams of a challenge may be, and who may take part."""

    max_team_members = IntegerField(
        _l("Most members of a team"),
        validators=[Optional(), NumberRange(1, 1000, message=_l("Write a number from 1 to 1000, or nothing."))],
        description=_l("Empty: no limit. Teams that are already larger stay as they are."),
    )
    teams_close_at = OptionalMomentField(_l("Teams may change until"))
    needs_team_approval = BooleanField(_l("A host approves each team before it can submit"))
    taken = TextAreaField(
        _l("Only these may take part"),
        validators=[at_most(20_000), Sound(lambda value: domains_and_addresses(value, field="taken"))],
        description=WORDS,
    )
    kept_out = TextAreaField(
        _l("These may not take part"),
        validators=[at_most(20_000), Sound(lambda value: domains_and_addresses(value, field="kept_out"))],
        description=_l("Written the same way. A whole address takes precedence over its domain."),
    )

    @classmethod
    def of(cls, known: TeamSettings) -> "TeamSettingsForm":
        """Make a form that shows the settings as they are."""
        form = cls(
            max_team_members=known.max_team_members,
            teams_close_at=known.teams_close_at,
            needs_team_approval=known.needs_team_approval,
            taken="\n".join([*known.allowed_email_domains, *known.admitted_email_ids]),
            kept_out="\n".join([*known.blocked_email_domains, *known.banned_email_ids]),
        )
        form.teams_close_at.description = str(_l("In your time zone, %(zone)s.", zone=locale.zone_name()))
        return form

    @property
    def wanted(self) -> TeamSettings:
        """The settings as they stand in the form."""
        allowed, admitted = domains_and_addresses(text(self.taken), field="taken")
        blocked, banned = domains_and_addresses(text(self.kept_out), field="kept_out")
        return TeamSettings(
            max_team_members=self.max_team_members.data,
            needs_team_approval=bool(self.needs_team_approval.data),
            teams_close_at=self.teams_close_at.moment,
            allowed_email_domains=allowed,
            admitted_email_ids=admitted,
            blocked_email_domains=blocked,
            banned_email_ids=banned,
        )
