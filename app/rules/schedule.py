"""When things are open."""

from datetime import datetime
from enum import StrEnum


class Season(StrEnum):
    """Whether a challenge or phase is coming, running or past."""

    COMING = "coming"
    RUNNING = "running"
    PAST = "past"

    @classmethod
    def order(cls) -> "tuple[Season, Season, Season]":
        """The order in which people look: what runs, what comes, what is over."""
        return cls.RUNNING, cls.COMING, cls.PAST


def season(start: datetime, end: datetime, *, now: datetime) -> Season:
    """Return where `now` lies; the start belongs to the running time, the end does too."""
    if now < start:
        return Season.COMING
    return Season.RUNNING if now <= end else Season.PAST
