"""The time zones that people choose from."""

from zoneinfo import ZoneInfo, available_timezones

_REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")

# places only: the other names are abbreviations and old spellings of these
ZONES: tuple[str, ...] = (
    "UTC",
    *sorted(zone for zone in available_timezones() if zone.split("/", 1)[0] in _REGIONS and "/" in zone),
)


def is_zone(name: str) -> bool:
    """Whether a time zone of this name exists."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return bool(name)


def quota_zone(name: str | None, *, server: ZoneInfo) -> ZoneInfo:
    """Return the zone in which a challenge counts days: its own, which is named, or the server's."""
    return ZoneInfo(name) if name else server
