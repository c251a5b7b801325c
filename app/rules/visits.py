"""When somebody looked at a thing before: kept small enough to travel with a browser."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeGuard

ONE_VISIT = timedelta(minutes=30)
MOST = 8

# name of the thing -> seconds since 1970 of the last look of the visit before, and of the last look
Visits = dict[str, list[int]]


def noted(known: Mapping[str, object], name: str, *, now: datetime) -> tuple[Visits, datetime | None]:
    """Note a look, and return what is known now and when the visit before ended (None: this is the first).

    Looks within half an hour of each other are one visit. The things looked at longest ago are forgotten.
    """
    sound: Visits = {}
    for key, value in known.items():
        if _is_sound(value):
            sound[key] = value
    at = int(now.timestamp())
    before, last = sound.pop(name, [0, 0])
    if at - last > ONE_VISIT.total_seconds():
        before = last
    sound[name] = [before, at]
    kept = dict(sorted(sound.items(), key=lambda it: it[1][1])[-MOST:])
    return kept, datetime.fromtimestamp(before, tz=now.tzinfo) if before else None


def _is_sound(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(it, int) for it in value)
