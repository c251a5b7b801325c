"""Pictures as numbers: where lines, bars and labels stand on a canvas; how they look is up to the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from app.rules.drawing import Points, Scale, stepped, ticks

LABEL_GAP = 13.0
MOST_DAYS = 31
BINS = 12


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a picture is drawn on: its size, where the axes end, and how many moments or labels have room below.

    Without `has_room` what an axis measures stands above it instead of beside it, and days have no year.
    """

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    moments: int
    labels: int
    has_room: bool


WIDE = Canvas("wide", 720, 300, left=64, right=680, top=14, bottom=266, moments=5, labels=6, has_room=True)
# for phones, where the wide one would be too small to read
NARROW = Canvas("narrow", 340, 270, left=52, right=316, top=28, bottom=240, moments=3, labels=4, has_room=False)
CANVASES = (WIDE, NARROW)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it stands and what value it stands for."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """A stepped line, the height of its end and that of its label, which keeps clear of the others'."""

    points: str
    end: float
    label: float


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over time; `x` are moments in seconds since 1970, `y` scores."""

    canvas: Canvas
    x: list[Tick]
    y: list[Tick]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a picture, its number and the middle of its foot."""

    x: float
    y: float
    width: float
    height: float
    value: int
    middle: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars beside each other over a common foot; every so many of them have room for a label."""

    canvas: Canvas
    y: list[Tick]
    bars: list[Bar]
    every: int


@dataclass(frozen=True, slots=True)
class Bin:
    """How many values lie from `low` to `high`; the last bin holds its upper edge too."""

    low: float
    high: float
    count: int


def line_chart(trails: Sequence[Points], *, until: float, canvas: Canvas) -> LineChart | None:
    """Return stepped lines of (moment, score) points, each kept up to `until`; None where there is no point."""
    points = [point for trail in trails for point in trail]
    if not points:
        return None
    first, scores = min(it[0] for it in points), [it[1] for it in points]
    last = max(until, first)
    x = Scale(first, last, canvas.left, canvas.right)
    low, high = min(scores), max(scores)
    y = Scale(low, high, canvas.bottom, canvas.top)
    ends = [y(trail[-1][1]) for trail in trails]
    labels = apart(ends, lowest=canvas.bottom)
    lines = [
        Line(stepped([(x(at), y(score)) for at, score in trail], until=x(last)), end, label)
        for trail, end, label in zip(trails, ends, labels, strict=True)
    ]
    steps = canvas.moments - 1 if last > first else 0
    moments = [first + (last - first) * step / max(steps, 1) for step in range(steps + 1)]
    return LineChart(canvas, [Tick(x(it), it) for it in moments], [Tick(y(it), it) for it in ticks(low, high)], lines)


def apart(heights: Sequence[float], *, lowest: float) -> list[float]:
    """Return heights for labels, as near to the wished ones as keeps them apart, in the same order."""
    order = sorted(range(len(heights)), key=lambda it: heights[it])
    placed = list(heights)
    reached = float("-inf")
    for number in order:
        placed[number] = reached = max(heights[number], reached + LABEL_GAP)
    limit = lowest + LABEL_GAP
    if reached > limit:
        for number in reversed(order):
            placed[number] = limit = min(placed[number], limit)
            limit -= LABEL_GAP
    return [round(it, 1) for it in placed]


def bar_chart(values: Sequence[int], *, canvas: Canvas) -> BarChart | None:
    """Return bars for counts; None where there are none."""
    highest = max(values, default=0)
    if highest == 0:
        return None
    y = Scale(0, highest, canvas.bottom, canvas.top)
    step = (canvas.right - canvas.left) / len(values)
    width = round(min(step * 0.8, 48), 1)
    bars = []
    for number, value in enumerate(values):
        middle = round(canvas.left + step * (number + 0.5), 1)
        top = y(value)
        bars.append(Bar(round(middle - width / 2, 1), top, width, round(canvas.bottom - top, 1), value, middle))
    whole = [it for it in ticks(0, highest) if it == int(it)]
    every = 1 + (len(values) - 1) // canvas.labels
    return BarChart(canvas, [Tick(y(it), it) for it in whole], bars, every)


def bins(values: Sequence[float], *, most: int = BINS) -> list[Bin]:
    """Return how values spread over equally wide bins; a single bin where all are the same."""
    if not values:
        return []
    low, high = min(values), max(values)
    width = high / most - low / most
    if width <= 0:
        return [Bin(low, high, len(values))]
    # halves first: the difference of two huge scores is no finite number
    counts, spread = [0] * most, high / 2 - low / 2
    for value in values:
        counts[min(most - 1, int((value / 2 - low / 2) / spread * most))] += 1
    return [Bin(low + width * number, low + width * (number + 1), count) for number, count in enumerate(counts)]


def bin_of(found: Sequence[Bin], value: float) -> int:
    """Return the place of the bin that a value belongs to; the bins are not empty."""
    return max((number for number, it in enumerate(found) if it.low <= value), default=0)


def by_day(quarters: Sequence[tuple[datetime, int]], *, zone: tzinfo) -> list[tuple[datetime, int]]:
    """Return counts added up by day of a zone, every day from the first to the last, at most a month."""
    counts: dict[datetime, int] = {}
    for at, count in quarters:
        day = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        counts[day] = counts.get(day, 0) + count
    if not counts:
        return []
    day, last = max(min(counts), max(counts) - timedelta(days=MOST_DAYS - 1)), max(counts)
    days = []
    while day <= last:
        days.append((day, counts.get(day, 0)))
        day += timedelta(days=1)
    return days
