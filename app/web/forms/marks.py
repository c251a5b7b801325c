"""The form with which a host marks a submission."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField

from app.services.marks import Marks
from app.web.forms.base import Form, at_most, one_line, some_lines, text


class MarksForm(Form):
    """What a host marks on one submission."""

    is_verified = BooleanField(
        _l("Verified"), description=_l("You have checked it and vouch for it; leaderboards show a badge.")
    )
    is_baseline = BooleanField(
        _l("Baseline"), description=_l("Shown between the teams, without a rank. Only for submissions of the host.")
    )
    baseline_name = StringField(
        _l("Name of the baseline"),
        filters=[one_line],
        validators=[at_most(80)],
        description=_l("Empty: the name of its method."),
    )
    flag_reason = TextAreaField(
        _l("Removed from the ranking because"),
        filters=[some_lines],
        validators=[at_most(500)],
        description=_l("Its team reads this. Empty: it counts."),
        render_kw={"rows": 2},
    )

    @property
    def chosen(self) -> Marks:
        """What the host chose."""
        return Marks(
            is_verified=bool(self.is_verified.data),
            flag_reason=text(self.flag_reason),
            is_baseline=bool(self.is_baseline.data),
            baseline_name=text(self.baseline_name),
        )
