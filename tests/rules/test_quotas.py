"""How many submissions are left: limits less what was used, in the days of one zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.quotas import Limits, Used, day_starts, month_starts, remaining

BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LIMITS = Limits(per_day=3, per_month=10, total=20, concurrent=2)


def left(*, limits=LIMITS, today=0, month=0, total=0, running=0, now=NOW, zone=UTC):
    return remaining(limits, Used(today, month, total, running), now=now, zone=zone)


def test_the_smallest_of_the_four_decides():
    assert left().now == 2
    assert left(today=2, month=2, total=2).now == 1
    assert left(month=10, total=10).now == 0
    assert left(total=20).now == 0
    assert left(running=2).now == 0


def test_a_limit_lowered_below_what_was_used_leaves_nothing_and_never_less():
    found = left(today=9, month=19, total=29, running=9)

    assert (found.today, found.this_month, found.total, found.concurrent, found.now) == (0, 0, 0, 0, 0)


def test_a_used_up_day_ends_at_the_zones_midnight():
    assert left(today=3, month=3, total=3, zone=TOKYO).next_at == datetime(2026, 3, 11, tzinfo=TOKYO)


def test_a_used_up_month_ends_on_the_zones_first():
    assert left(today=3, month=10, total=10, zone=TOKYO).next_at == datetime(2026, 4, 1, tzinfo=TOKYO)
    december = datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert left(month=10, total=10, now=december).next_at == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_used_up_total_never_ends():
    assert left(today=3, month=10, total=20).next_at is None


def test_while_something_is_left_there_is_nothing_to_wait_for():
    assert left(today=2, month=2, total=2).next_at is None


@pytest.mark.parametrize(
    ("day", "hours"),
    [(datetime(2026, 3, 29, tzinfo=BERLIN), 23), (datetime(2026, 10, 25, tzinfo=BERLIN), 25)],
)
def test_days_of_23_and_25_hours_begin_and_end_at_midnight(day, hours):
    almost = day.astimezone(UTC) + timedelta(hours=hours, microseconds=-1)

    assert day_starts(almost, BERLIN) == day
    assert day_starts(almost + timedelta(microseconds=1), BERLIN) == day.replace(day=day.day + 1)
    next_at = left(today=3, month=3, total=3, now=almost, zone=BERLIN).next_at
    assert next_at - almost.astimezone(BERLIN) == timedelta(microseconds=1) or next_at.timestamp() > almost.timestamp()
    assert next_at.astimezone(UTC) == almost + timedelta(microseconds=1)


def test_the_same_moment_lies_in_different_days_of_different_zones():
    moment = datetime(2026, 2, 28, 15, tzinfo=UTC)

    assert day_starts(moment, UTC).day == 28
    assert month_starts(moment, TOKYO) == datetime(2026, 3, 1, tzinfo=TOKYO)


ZONES = st.sampled_from([UTC, TOKYO, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia")])
COUNTS = st.integers(0, 1000)


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    zone=ZONES,
    limits=st.builds(Limits, per_day=COUNTS, per_month=COUNTS, total=COUNTS, concurrent=COUNTS),
    used=st.builds(Used, today=COUNTS, this_month=COUNTS, total=COUNTS, open=COUNTS),
)
def test_whatever_was_used_nothing_is_negative_and_waiting_is_for_the_future(now, zone, limits, used):
    found = remaining(limits, used, now=now, zone=zone)

    assert 0 <= found.now <= min(limits.per_day, limits.per_month, limits.total, limits.concurrent)
    assert month_starts(now, zone) <= day_starts(now, zone) <= now
    assert found.next_at is None or found.next_at.astimezone(UTC) > now
