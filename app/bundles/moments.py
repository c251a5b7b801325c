"""Dates of a configuration, in every form that hosts write, to aware UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from app.bundles.fields import REFUSED, Parse, Reading
from app.bundles.yaml_document import NodePath
from app.rules.bounds import FIRST_YEAR, LAST_YEAR
from app.rules.errors import N_

_WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?"
    r"(?:[Tt\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
    r"\s*(?P<zone>Z|z|UTC|GMT|JST|AoE|[+-]\d{1,2}(?::?\d{2})?)?"
)


# Of the short names only those that mean one zone to everybody; AoE, "anywhere on earth", is usual for deadlines.
_NAMED = {"JST": timezone(timedelta(hours=9)), "AoE": timezone(timedelta(hours=-12))}


def moment(*, ends_day: bool) -> Parse:
    """Return the reader of a date and time; a bare date means the end of that day where `ends_day` is set."""

    def parse(reading: Reading, path: NodePath, value: Any) -> Any:
        found = _written(reading, path, value)
        if found is REFUSED:
            return REFUSED
        if not isinstance(found, datetime):
            found = datetime.combine(found, time(23, 59, 59) if ends_day else time())
            reading.note(
                path,
                N_("`%(key)s` has no time; it is read as %(read)s."),
                N_("Write the time as well, such as 2026-03-31 18:00:00."),
                key=path[-1],
                read=found.isoformat(" "),
            )
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            return _out_of_range(reading, path, found.year)
        return _to_utc(reading, path, found)

    return parse


def _written(reading: Reading, path: NodePath, value: Any) -> Any:
    if isinstance(value, date):
        return value
    entry = _WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if entry is None:
        return _not_a_date(reading, path)
    year, month, day = int(entry["year"]), int(entry["month"]), int(entry["day"])
    try:
        if entry["hour"] is None:
            return date(year, month, day)
        hour, minute, second = int(entry["hour"]), int(entry["minute"]), int(entry["second"] or 0)
        return datetime(year, month, day, hour, minute, second, tzinfo=_offset(entry["zone"]))
    except (ValueError, OverflowError):
        return _not_a_date(reading, path)


def _offset(written: str | None) -> tzinfo | None:
    if written is None:
        return None
    if written[0] not in "+-":
        return _NAMED.get(written, UTC)
    return datetime.strptime(f"{written[0]}{_padded(written[1:])}", "%z").tzinfo


def _padded(written: str) -> str:
    hours, _, minutes = written.partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return f"{int(hours):02d}{int(minutes or 0):02d}"


def _not_a_date(reading: Reading, path: NodePath) -> Any:
    reading.error(
        path,
        N_("`%(key)s` is `%(found)s`, which is not a date and time."),
        N_("Write year, month, day and time, such as 2026-03-31 18:00:00, with +09:00 after it for a time zone."),
        key=path[-1],
        found=reading.raw(path)[:80] or "…",
    )
    return REFUSED


def _out_of_range(reading: Reading, path: NodePath, year: int) -> Any:
    reading.error(
        path,
        N_("`%(key)s` is in the year %(year)s."),
        N_("Use a year from 1970 to 2999; for a challenge without an end, 2099 is usual."),
        key=path[-1],
        year=year,
    )
    return REFUSED


def _to_utc(reading: Reading, path: NodePath, found: datetime) -> datetime:
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    reading.unzoned.append(path)
    local = found.replace(tzinfo=reading.zone)
    exact = local.astimezone(UTC)
    if exact.astimezone(reading.zone).replace(tzinfo=None) != found:
        _warn_of_clock_change(
            reading, path, N_("At %(found)s the clocks of %(zone)s are put forward; it is read as %(read)s UTC."), exact
        )
    elif local.replace(fold=1).astimezone(UTC) - exact > timedelta(0):
        _warn_of_clock_change(
            reading, path, N_("%(found)s occurs twice in %(zone)s; the earlier one is used, %(read)s UTC."), exact
        )
    return exact


def _warn_of_clock_change(reading: Reading, path: NodePath, message: str, read: datetime) -> None:
    reading.warn(
        path,
        message,
        N_("Write the time with its offset, such as 2026-03-31 18:00:00+09:00."),
        found=reading.raw(path)[:40],
        zone=reading.zone_name,
        read=read.replace(tzinfo=None).isoformat(" "),
    )
