"""The forms in which a host says what may be sent, beyond what the bundle says."""

from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange, Optional

from app.models.challenges import Phase
from app.rules.files import MIB
from app.web.forms.base import Form, zone_field


class ZoneForm(Form):
    """Where the days of a challenge begin."""

    timezone = zone_field(empty=_l("as on this server"))


class AllowanceForm(Form):
    """What one phase takes."""

    accepts_late = BooleanField(
        _l("Accept files after the end"), description=_l("They are scored, marked as late, and never ranked.")
    )
    most_mb = IntegerField(_l("Largest file, in MB"), validators=[Optional()])

    @classmethod
    def of(cls, phase: Phase, *, server_bytes: int) -> Self:
        """Make the form of one phase: from the request, or filled with what holds; at most what the server takes."""
        most = phase.max_file_bytes // MIB if phase.max_file_bytes else None
        made = cls(prefix=f"phase-{phase.id}-", accepts_late=phase.accepts_late, most_mb=most)
        largest = server_bytes // MIB
        made.most_mb.description = _l("At most %(most)s, the limit of this server; empty: that limit.", most=largest)
        said = _l("Write a whole number from 1 to %(most)s.", most=largest)
        made.most_mb.validators = [Optional(), NumberRange(min=1, max=largest, message=said)]
        return made
