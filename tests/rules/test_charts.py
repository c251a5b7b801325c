"""Pictures stay on their canvas and count what they were given, whatever the scores."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.rules import charts, drawing
from tests.fuzzing import few

SCORE = st.floats(allow_nan=False, allow_infinity=False, width=64)
TRAIL = st.lists(st.tuples(st.integers(0, 2**31), SCORE), min_size=1, max_size=5).map(sorted)


def corners(points):
    return [tuple(float(it) for it in corner.split(",")) for corner in points.split()]


@few(50)
@given(trails=st.lists(TRAIL, min_size=1, max_size=11))
def test_every_line_stays_on_the_canvas_and_labels_keep_apart(trails):
    chart = charts.line_chart(trails, until=2**31)

    for line in chart.lines:
        assert all(0 <= x <= charts.WIDTH and 0 <= y <= charts.HEIGHT for x, y in corners(line.points))
    labels = sorted(line.label for line in chart.lines)
    assert all(later - sooner > charts.LABEL_GAP - 0.2 for sooner, later in pairwise(labels))


@few(50)
@given(values=st.lists(SCORE, min_size=1, max_size=30))
def test_every_score_is_in_one_bin(values):
    found = charts.bins(values)

    assert sum(it.count for it in found) == len(values)
    assert all(0 <= charts.bin_of(found, value) < len(found) for value in values)


@few(50)
@given(trail=TRAIL.filter(lambda it: len(it) > 1), decimals=st.integers(0, 6))
def test_a_small_line_tells_no_more_than_the_digits_shown(trail, decimals):
    rounded = [(at, round(score, decimals)) for at, score in trail]

    assert drawing.spark(trail, decimals) == drawing.spark(rounded, decimals)


def test_days_are_those_of_the_readers_zone_without_gaps_and_at_most_a_month():
    evening = datetime(2026, 11, 1, 20, tzinfo=UTC)
    minutes = [(evening, 2), (evening + timedelta(days=2), 1)]

    days = charts.by_day(minutes, zone=ZoneInfo("Asia/Tokyo"))
    long = charts.by_day([(evening, 1), (evening + timedelta(days=400), 1)], zone=UTC)

    assert [(day.day, count) for day, count in days] == [(2, 2), (3, 0), (4, 1)]
    assert len(long) == charts.MOST_DAYS


def test_without_scores_there_is_no_picture():
    assert charts.line_chart([], until=0) is None
    assert charts.bar_chart([]) is None
    assert charts.bins([]) == []
