"""What this server knows of a challenge beside EvalAI's keys: the maps under `shiai` (docs/bundles.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Unknown = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiaiChallenge:
    """`shiai` at the top of the configuration: teams, and who may take part."""

    needs_team_approval: bool = False
    teams_close_at: datetime | None = None
    admitted_email_ids: tuple[str, ...] = ()
    unknown: Unknown = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiaiPhase:
    """`shiai` of an entry of `challenge_phases`; `max_file_mb` is None for the server's limit."""

    accepts_late: bool = False
    max_file_mb: int | None = None
    final_picks: int = 0
    show_logs: bool = False
    unknown: Unknown = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardReference:
    """Which entry of `challenge_phase_splits` is meant, by its three ids."""

    challenge_phase_id: int
    leaderboard_id: int
    dataset_split_id: int
    unknown: Unknown = field(default_factory=dict)

    @property
    def triple(self) -> tuple[int, int, int]:
        """The three ids, in the order of `PhaseSplitSpec.triple`."""
        return self.challenge_phase_id, self.leaderboard_id, self.dataset_split_id


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiaiBoard:
    """`shiai` of an entry of `challenge_phase_splits`; `public_board` is the one that it is the final of."""

    share_percent: int | None = None
    hidden_until: datetime | None = None
    freeze_at: datetime | None = None
    tells_owners: bool = False
    revealed_at: datetime | None = None
    public_board: BoardReference | None = None
    unknown: Unknown = field(default_factory=dict)
