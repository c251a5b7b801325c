"""When things were sent, by quarters of an hour: what the days of every time zone of the world are made of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

SECONDS = 900
A_DAY = 96

# quarters of an hour since 1970, and how many were sent in each
Counts = Sequence[Sequence[int]]


def counted(moments: Iterable[datetime]) -> list[list[int]]:
    """Return [quarter, how many] of some moments, the oldest first."""
    return [list(it) for it in sorted(Counter(int(at.timestamp()) // SECONDS for at in moments).items())]


def added_up(several: Iterable[Counts]) -> Counter[int]:
    """Return the sums of several counts by quarter."""
    sums: Counter[int] = Counter()
    for counts in several:
        for quarter, count in counts:
            sums[quarter] += count
    return sums


def difference(before: Counts, after: Counts) -> dict[int, int]:
    """Return by how many each quarter has more than before, or fewer; those that stay the same are left out."""
    sums = added_up([after])
    sums.subtract(dict(added_up([before])))
    return {quarter: count for quarter, count in sums.items() if count}


def moment(quarter: int) -> datetime:
    """Return when a quarter of an hour begins."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=quarter * SECONDS)
