"""Which entry of an old configuration is which of a new one: by id, else by codename (leaderboards: by labels)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.bundles.spec import ChallengeSpec, DatasetSplitSpec, LeaderboardSpec, PhaseSpec, PhaseSplitSpec
from app.rules.pairing import Pair, pairs


@dataclass(frozen=True, slots=True)
class Rows:
    """Which entry of the old configuration is which of the new one."""

    phases: list[Pair[PhaseSpec, PhaseSpec]]
    splits: list[Pair[DatasetSplitSpec, DatasetSplitSpec]]
    leaderboards: list[Pair[LeaderboardSpec, LeaderboardSpec]]
    boards: list[Pair[PhaseSplitSpec, PhaseSplitSpec]]

    @classmethod
    def of(cls, old: ChallengeSpec, new: ChallengeSpec) -> "Rows":
        """Pair the entries of two configurations."""
        phases = pairs(old.challenge_phases, new.challenge_phases, _BY_ID, _BY_CODENAME)
        splits = pairs(old.dataset_splits, new.dataset_splits, _BY_ID, _BY_CODENAME)
        leaderboards = pairs(old.leaderboard, new.leaderboard, _BY_ID, _BY_LABELS)
        of_old = partial(_joined, [_ids(it, 0) for it in (phases, leaderboards, splits)])
        of_new = partial(_joined, [_ids(it, 1) for it in (phases, leaderboards, splits)])
        boards = pairs(old.challenge_phase_splits, new.challenge_phase_splits, (of_old, of_new))
        return cls(phases, splits, leaderboards, boards)


def _twice(ask: Callable[[Any], Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    return ask, ask


_BY_ID = _twice(lambda row: row.id)
_BY_CODENAME = _twice(lambda row: row.codename)
_BY_LABELS = _twice(lambda row: (row.labels, row.default_order_by))


def _ids(found: Iterable[Pair[Any, Any]], side: int) -> dict[int, int]:
    """Return the place of each pair by the id that its row has on one side."""
    return {row.id: place for place, pair in enumerate(found) if (row := pair[side]) is not None}


def _joined(places: list[dict[int, int]], it: PhaseSplitSpec) -> tuple[int, ...]:
    phase, board, split = places
    return phase[it.challenge_phase_id], board[it.leaderboard_id], split[it.dataset_split_id]
