"""When a queued submission starts, and how to say so without a precision that nobody has."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class Run:
    """A run under way: the seconds such a run usually takes, None when nobody knows, and those that are gone."""

    usual: float | None
    gone: float


class Unit(StrEnum):
    """What a rounded time is counted in."""

    MOMENT = "moment"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


def expected_start(ahead: Sequence[float | None], running: Sequence[Run], *, places: int) -> float | None:
    """Return the seconds until the next run starts behind those ahead, `places` at a time; None when one is not known.

    A run that takes longer than usual is expected to end at any moment.
    """
    is_busy = len(running) + len(ahead) >= places
    if any(it is None for it in ahead) or (is_busy and any(it.usual is None for it in running)):
        return None
    free = [max(0.0, it.usual - it.gone) for it in running if it.usual is not None]
    free += [0.0] * (places - len(running))
    heapq.heapify(free)
    for seconds in ahead:
        heapq.heapreplace(free, free[0] + (seconds or 0.0))
    return free[0] if free else None


def rounded(seconds: float) -> tuple[int, Unit]:
    """Round a time to what can honestly be said of it: (0, moment) below a minute, else a number of a unit."""
    if seconds < MINUTE * 0.75:
        return 0, Unit.MOMENT
    minutes = max(1, round(seconds / MINUTE))
    if minutes < 10:
        return minutes, Unit.MINUTES
    if seconds < HOUR * 0.9:
        return 5 * round(minutes / 5), Unit.MINUTES
    if seconds < DAY:
        return max(1, round(seconds / HOUR)), Unit.HOURS
    return max(1, round(seconds / DAY)), Unit.DAYS
