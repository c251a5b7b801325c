"""Numbers that stand for the names of teams: drawn among more than there are teams, so that none says who came when."""

from collections.abc import Collection
from random import Random

FEWEST = 99
SPARE = 4


def drawn(taken: Collection[int], *, teams: int, count: int, chance: Random) -> list[int]:
    """Return so many numbers that no team has yet, each as likely as any other; `teams` counts all of the challenge."""
    free = sorted(set(range(1, max(FEWEST, SPARE * teams) + 1)) - set(taken))
    return chance.sample(free, count)
