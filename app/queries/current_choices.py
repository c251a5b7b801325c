"""What hosts chose beyond EvalAI's keys, as the maps `shiai` of a bundle say it; None where all is as usual."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.bundles.shiai_spec import BoardReference, ShiaiBoard, ShiaiChallenge, ShiaiPhase
from app.bundles.spec import PhaseSplitSpec
from app.models.challenges import Challenge, Phase, PhaseSplit
from app.rules.files import MIB


def of_challenge(challenge: Challenge, said: ShiaiChallenge | None) -> ShiaiChallenge | None:
    """Return what holds for teams and people now; `said` is what the live version's bundle has there."""
    now = replace(
        said or ShiaiChallenge(),
        needs_team_approval=challenge.needs_team_approval,
        teams_close_at=challenge.teams_close_at,
        admitted_email_ids=tuple(challenge.admitted_email_ids),
    )
    return None if now == ShiaiChallenge() else now


def of_phase(row: Phase, said: ShiaiPhase | None) -> ShiaiPhase | None:
    """Return what a phase takes and shows now."""
    now = replace(
        said or ShiaiPhase(),
        accepts_late=row.accepts_late,
        # a limit below 1 MB would become none
        max_file_mb=max(1, row.max_file_bytes // MIB) if row.max_file_bytes else None,
        final_picks=row.final_picks,
        show_logs=row.show_logs,
    )
    return None if now == ShiaiPhase() else now


def with_boards(joined: Sequence[tuple[PhaseSplit, PhaseSplitSpec]]) -> tuple[PhaseSplitSpec, ...]:
    """Return the entries of boards with how each is shown now and what it is the final of, in their order."""
    entries = {row.id: it for row, it in joined}
    in_order = sorted(joined, key=lambda it: it[0].position)
    return tuple(replace(it, shiai=_of_board(row, it.shiai, entries)) for row, it in in_order)


def _of_board(row: PhaseSplit, said: ShiaiBoard | None, entries: Mapping[int, PhaseSplitSpec]) -> ShiaiBoard | None:
    public = entries.get(row.public_board_id) if row.public_board_id is not None else None
    now = replace(
        said or ShiaiBoard(),
        share_percent=row.share_percent,
        hidden_until=row.hidden_until,
        freeze_at=row.freeze_at,
        tells_owners=row.tells_owners,
        revealed_at=row.revealed_at and row.revealed_at.replace(microsecond=0),
        public_board=_reference(public, said.public_board if said else None) if public is not None else None,
    )
    return None if now == ShiaiBoard() else now


def _reference(public: PhaseSplitSpec, said: BoardReference | None) -> BoardReference:
    made = BoardReference(
        challenge_phase_id=public.challenge_phase_id,
        leaderboard_id=public.leaderboard_id,
        dataset_split_id=public.dataset_split_id,
    )
    return said if said is not None and said.triple == made.triple else made
