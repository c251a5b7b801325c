"""Counts by quarters of an hour: sums and differences that are never off by one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.rules.quarters import added_up, counted, difference, moment

START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.lists(st.integers(0, 20_000).map(lambda seconds: START + timedelta(seconds=seconds)), max_size=30)


@given(before=MOMENTS, after=MOMENTS)
def test_what_was_before_and_the_difference_make_what_is_now(before, after):
    was, now = counted(before), counted(after)

    assert +added_up([was, list(difference(was, now).items())]) == added_up([now])
    assert 0 not in difference(was, now).values()


@given(moments=MOMENTS)
def test_every_moment_is_counted_in_the_quarter_of_an_hour_that_holds_it(moments):
    found = counted(moments)

    assert sum(count for _, count in found) == len(moments)
    for quarter, count in found:
        inside = [at for at in moments if moment(quarter) <= at < moment(quarter) + timedelta(minutes=15)]
        assert len(inside) == count
