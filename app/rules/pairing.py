"""Which row of yesterday is which row of today: by the first thing they share, else it came or went."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

Old = TypeVar("Old")
New = TypeVar("New")
Pair = tuple[Old | None, New | None]
Sign = tuple[Callable[[Old], Hashable], Callable[[New], Hashable]]


def pairs(old: Sequence[Old], new: Sequence[New], *signs: Sign[Old, New]) -> list[Pair[Old, New]]:
    """Pair the rows that have the first sign in common, of the rest those that have the second, and so on.

    Each sign is what to ask of an old and of a new row; None means that a row has no such sign. Returned in the order
    of `new`, with None for what was not there before, then what is gone with None at the right.
    """
    found: dict[int, Old] = {}
    left = list(old)
    for of_old, of_new in signs:
        free: dict[Hashable, Old] = {}
        for row in left:
            free.setdefault(of_old(row), row)
        for place, entry in enumerate(new):
            sign = of_new(entry)
            if place not in found and sign is not None and sign in free:
                found[place] = free.pop(sign)
        taken = {id(row) for row in found.values()}
        left = [row for row in left if id(row) not in taken]
    both: list[Pair[Old, New]] = [(found.get(place), entry) for place, entry in enumerate(new)]
    return both + [(row, None) for row in left]
