"""Whether two teams may become one, as far as their submissions go: together no more than one team could have sent."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.rules.quotas import Limits


def most_by_now(limits: Limits, *, start: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Return how many submissions one team could have used up since `start`; days and months are those of `zone`.

    Kaggle's rule for merging, with the limits for a month and in all beside the one for a day.
    """
    first, today = start.astimezone(zone).date(), now.astimezone(zone).date()
    if today < first:
        return 0
    days = (today - first).days + 1
    months = (today.year - first.year) * 12 + today.month - first.month + 1
    return min(limits.total, limits.per_month * months, limits.per_day * days)
