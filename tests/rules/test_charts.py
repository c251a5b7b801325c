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
@given(trails=st.lists(TRAIL, min_size=1, max_size=11), canvas=st.sampled_from(charts.CANVASES))
def test_every_line_stays_on_the_canvas_and_labels_keep_apart(trails, canvas):
    chart = charts.line_chart(trails, until=2**31, canvas=canvas)

    for line in chart.lines:
        assert all(0 <= x <= canvas.right and 0 <= y <= canvas.bottom for x, y in corners(line.points))
        assert canvas.top <= line.label <= canvas.height
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
    assert charts.line_chart([], until=0, canvas=charts.WIDE) is None
    assert charts.bar_chart([], canvas=charts.WIDE) is None


@few(50)
@given(values=st.lists(st.integers(0, 10**6), min_size=1, max_size=31).filter(any))
def test_labels_below_bars_have_room_on_a_phone_too(values):
    chart = charts.bar_chart(values, canvas=charts.NARROW)

    labelled = [bar.middle for bar in chart.bars][:: chart.every]
    # as wide as a day or a score
    assert all(later - sooner >= 55 for sooner, later in pairwise(labelled))
    assert labelled[-1] + 28 <= charts.NARROW.width
    assert charts.bins([]) == []
