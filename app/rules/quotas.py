"""How many submissions a team has left, given the limits and the counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Limits:
    """What a phase allows a team: in a day, in a month, in all, and at the same time."""

    per_day: int
    per_month: int
    total: int
    concurrent: int


@dataclass(frozen=True)
class Used:
    """What a team has used up so far, counted by the database; `open` are queued or running."""

    today: int
    this_month: int
    total: int
    open: int


@dataclass(frozen=True)
class Remaining:
    """What is left, never below zero; `next_at` says when a used-up day or month ends, None if it does not matter."""

    today: int
    this_month: int
    total: int
    concurrent: int
    next_at: datetime | None

    @property
    def now(self) -> int:
        """How many the team may send at this moment."""
        return min(self.today, self.this_month, self.total, self.concurrent)


def day_starts(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the last midnight in `zone`."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def month_starts(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first midnight of this month in `zone`."""
    return day_starts(now, zone).replace(day=1)


def remaining(limits: Limits, used: Used, *, now: datetime, zone: ZoneInfo) -> Remaining:
    """Return what a team has left; a limit lowered below what was used leaves nothing."""
    today = max(0, limits.per_day - used.today)
    this_month = max(0, limits.per_month - used.this_month)
    total = max(0, limits.total - used.total)
    return Remaining(
        today=today,
        this_month=this_month,
        total=total,
        concurrent=max(0, limits.concurrent - used.open),
        next_at=_next_at(today, this_month, total, now=now, zone=zone),
    )


def _next_at(today: int, this_month: int, total: int, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    if total == 0:
        return None
    if this_month == 0:
        # 32 days after the first lies in the next month whatever its length
        return month_starts(month_starts(now, zone) + timedelta(days=32), zone)
    if today == 0:
        # 36 hours after midnight lies in the next day even when a day has 23 or 25 hours
        return day_starts(day_starts(now, zone) + timedelta(hours=36), zone)
    return None
