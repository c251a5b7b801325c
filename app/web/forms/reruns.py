"""Forms for what happens to submissions after they were sent."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from app.services.reruns import LONGEST_REASON
from app.web.forms.base import Form, at_most, some_lines


class ReasonForm(Form):
    """Why a host does something to somebody's submission; whether it is needed, the service says."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("The team reads it on the submission's page."),
        filters=[some_lines],
        validators=[at_most(LONGEST_REASON)],
        render_kw={"rows": 2},
    )
