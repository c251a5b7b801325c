"""Fields of forms over what is there already: times of the reader's zone, whole numbers."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import DateTimeLocalField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.rules.bounds import LARGEST
from app.web.forms.base import REQUIRED

WRITTEN = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")


class MomentField(DateTimeLocalField):
    """A date and time in the reader's zone. One that was not touched stays what it was, to the microsecond."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(
            label, format=list(WRITTEN), validators=[InputRequired(REQUIRED)], render_kw={"step": 1}, **options
        )

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent, and say in our own words when it is no time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a date and a time, such as 2026-03-31T18:00.")) from None

    def moment(self, before: datetime, zone: ZoneInfo) -> datetime:
        """Return the time that was chosen, aware."""
        written = self.data
        if written is None or written == shown(before, zone):
            return before
        return written.replace(tzinfo=zone)


class NumberField(IntegerField):
    """A whole number."""

    def __init__(
        self, label: str, *, lowest: int = 0, highest: int = LARGEST, optional: bool = False, **options: Any
    ) -> None:
        bounds = NumberRange(lowest, highest, _l("Write a whole number from %(min)s to %(max)s."))
        needed = Optional() if optional else InputRequired(REQUIRED)
        super().__init__(label, validators=[needed, bounds], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent, and say in our own words when it is no number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a whole number, such as 5.")) from None


def shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a time as the form shows it: on the clock of the zone, to the second."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
