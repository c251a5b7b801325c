"""What a host may change about the metrics of a leaderboard that is here already: how they rank, and their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MetricsEdit:
    """The metric that ranks, and of each label whether higher is better and its description.

    A direction is None where the boards of the leaderboard differ in it, which a bundle can say and nobody chooses.
    """

    default_order_by: str
    descending: dict[str, bool | None]
    descriptions: dict[str, str]

    def ranks_as(self, other: "MetricsEdit") -> bool:
        """Whether both give the same order."""
        return (self.default_order_by, self.descending) == (other.default_order_by, other.descending)


def common_directions(labels: Iterable[str], boards: Iterable[Mapping[str, bool]]) -> dict[str, bool | None]:
    """Return of each label whether higher is better on all boards, None where they differ."""
    said = list(boards)
    found = {label: {board.get(label, True) for board in said} for label in labels}
    return {label: next(iter(ways)) if len(ways) == 1 else None for label, ways in found.items()}
