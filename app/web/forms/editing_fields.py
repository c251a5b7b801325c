"""Fields of forms over what is there already: times of the reader's zone, whole numbers."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import DateTimeLocalField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.rules.bounds import LARGEST
from app.web import locale
from app.web.forms.base import REQUIRED

WRITTEN = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")


class _AnyMomentField(DateTimeLocalField):
    """A date and time as a browser writes it, without a zone."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent, and say in our own words when it is no time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a date and a time, such as 2026-03-31T18:00.")) from None


class MomentField(_AnyMomentField):
    """A date and time in the reader's zone. One that was not touched stays what it was, to the microsecond."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(
            label, format=list(WRITTEN), validators=[InputRequired(REQUIRED)], render_kw={"step": 1}, **options
        )

    def moment(self, before: datetime, zone: ZoneInfo) -> datetime:
        """Return the time that was chosen, aware."""
        written = self.data
        if written is None or written == shown(before, zone):
            return before
        return written.replace(tzinfo=zone)


class OptionalMomentField(_AnyMomentField):
    """A date and a time to the minute in the reader's zone, or nothing; one that was not touched stays what it was."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, format=list(reversed(WRITTEN)), validators=[Optional()], **options)

    def process_data(self, value: datetime | None) -> None:
        """Show a stored moment in the reader's zone."""
        super().process_data(None if value is None else _to_the_minute(value))

    @property
    def moment(self) -> datetime | None:
        """What was chosen, aware."""
        if self.data is None:
            return None
        before: datetime | None = self.object_data
        is_untouched = before is not None and self.data == _to_the_minute(before)
        return before if is_untouched else self.data.replace(tzinfo=locale.zone())


def _to_the_minute(moment: datetime) -> datetime:
    return shown(moment, locale.zone()).replace(second=0, microsecond=0)


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
