"""One measured line beside its limit, and the table of all of them."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Line:
    """A figure in `unit`. `limit` is what docs/performance.md promises; without one the line only informs.

    `at_least` turns the limit round: more is better. `tail` is the 95th percentile where there are many samples.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    tail: float | None = None
    note: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the limit is not held."""
        if self.limit is None:
            return False
        return self.value < self.limit if self.at_least else self.value > self.limit

    @property
    def ratio(self) -> float | None:
        """How much of the limit is used: 1 is just at the limit, whichever way round it is; None without one."""
        if self.limit is None:
            return None
        if not self.at_least:
            return self.value / self.limit if self.limit else (math.inf if self.value else 0.0)
        return self.limit / self.value if self.value else math.inf


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 samples do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * 0.95) - 1)]


def heading() -> str:
    """Return the head of the table."""
    return f"{'':62}{'measured':>13}{'p95':>11}{'limit':>14}{'used':>7}"


def row(line: Line) -> str:
    """Return one line of the table."""
    tail = "" if line.tail is None else _number(line.tail)
    limit = "" if line.limit is None else f"{'≥' if line.at_least else '≤'} {_number(line.limit)}"
    used = "" if line.ratio is None else f"{line.ratio:.2f}"
    verdict = "" if line.limit is None else "  OVER" if line.is_over else "  ok"
    note = f"  {line.note}" if line.note else ""
    return f"{line.name:62}{_number(line.value):>8} {line.unit:4}{tail:>11}{limit:>14}{used:>7}{verdict}{note}"


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
