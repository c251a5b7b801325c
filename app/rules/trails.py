"""How a team's score came to be what it is: the moments at which it changed, few enough for a small picture."""

import math
from collections.abc import Iterable
from datetime import datetime

MOST = 32

Point = tuple[int, float]


def trail(scores: Iterable[tuple[datetime, float | None]], *, descending: bool, by_latest: bool) -> list[Point]:
    """Return (seconds since 1970, score) of each improvement, or of each change where the latest counts, oldest first.

    Missing scores and values that are no finite number leave no point. At most MOST points, the first and last kept.
    """
    found: list[Point] = []
    for at, score in sorted(scores, key=lambda it: it[0]):
        if score is None or not math.isfinite(score):
            continue
        if not found or (by_latest and score != found[-1][1]) or _is_better(score, found[-1][1], descending=descending):
            found.append((int(at.timestamp()), score))
    return thinned(found)


def _is_better(score: float, than: float, *, descending: bool) -> bool:
    return score > than if descending else score < than


def thinned(points: list[Point], *, most: int = MOST) -> list[Point]:
    """Return at most so many of the points, evenly taken, the first and the last among them."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(number * step)] for number in range(most)]
