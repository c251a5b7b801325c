"""Where the points of a picture lie: numbers in, coordinates out, as SVG writes them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 64, 20, 2

Points = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns values between `low` and `high` into coordinates between `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        # halves first: the difference of two huge scores is no finite number
        spread = self.high / 2 - self.low / 2
        share = (value / 2 - self.low / 2) / spread if spread > 0 else 0.5
        return round(self.start + share * (self.end - self.start), 1)


def spark(trail: Points, decimals: int) -> str:
    """Return the corners of a small stepped line of (moment, score) points, as <polyline> takes them.

    Scores have the decimals that are shown, so that a step never tells of a difference that the digits keep back.
    """
    x = Scale(trail[0][0], trail[-1][0], SPARK_EDGE, SPARK_WIDTH - SPARK_EDGE)
    scores = [round(score, decimals) for _, score in trail]
    y = Scale(min(scores), max(scores), SPARK_HEIGHT - SPARK_EDGE, SPARK_EDGE)
    return stepped([(x(at), y(score)) for (at, _), score in zip(trail, scores, strict=True)])


def stepped(points: Sequence[tuple[float, float]], *, until: float | None = None) -> str:
    """Return a line that keeps each height until the next point, and the last one until `until`."""
    corners: list[tuple[float, float]] = []
    for x, y in points:
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    if until is not None and corners:
        corners.append((until, corners[-1][1]))
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


def ticks(low: float, high: float, *, about: int = 5) -> list[float]:
    """Return round numbers between two values, some `about` of them; one where both are the same."""
    spread = high - low
    if not (math.isfinite(spread) and spread > 0):
        return [low]
    rough = spread / about
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(it * unit for it in (1, 2, 5, 10) if it * unit >= rough)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step) + 1)] or [low]
