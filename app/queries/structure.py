"""The rows of a challenge's phases, data splits and leaderboards, paired with the entries of a bundle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.bundles.spec import ChallengeSpec, DatasetSplitSpec, LeaderboardSpec, PhaseSpec, PhaseSplitSpec
from app.extensions import db
from app.models.challenges import Challenge, DatasetSplit, Leaderboard, Phase, PhaseSplit
from app.models.submissions import Entry, Submission
from app.rules.pairing import Pair, pairs
from app.rules.states import OPEN


@dataclass(frozen=True, slots=True)
class PairedRows:
    """Which row is which entry; None at the left for a new entry, at the right for a row that is no longer there."""

    phases: list[Pair[Phase, PhaseSpec]]
    splits: list[Pair[DatasetSplit, DatasetSplitSpec]]
    leaderboards: list[Pair[Leaderboard, LeaderboardSpec]]
    boards: list[Pair[PhaseSplit, PhaseSplitSpec]]


def paired(challenge: Challenge, spec: ChallengeSpec) -> PairedRows:
    """Pair the rows with the entries of a bundle, as docs/bundles.md says: by id, else by codename or by labels.

    What was removed comes back by its codename only: its id may have been given to something else since.
    """
    joined = [it for it in every_board(challenge.id) if it.removed_at is None]
    phases = _by_codename(pairs(challenge.phases, spec.challenge_phases, _ID, _CODENAME), removed_phases(challenge.id))
    in_use = list(dict.fromkeys(it.dataset_split for it in joined))
    splits = _by_codename(pairs(in_use, spec.dataset_splits, _ID, _CODENAME), every_split(challenge.id))
    boards = list(dict.fromkeys(it.leaderboard for it in joined))
    leaderboards = pairs(boards, spec.leaderboard, _ID, _LABELS)
    ids = [{entry.id: row.id for row, entry in it if row and entry} for it in (phases, splits, leaderboards)]

    def triple(it: PhaseSplitSpec) -> tuple[int | None, ...]:
        return ids[0].get(it.challenge_phase_id), ids[1].get(it.dataset_split_id), ids[2].get(it.leaderboard_id)

    of_row = (lambda row: (row.phase_id, row.dataset_split_id, row.leaderboard_id), triple)
    return PairedRows(phases, splits, leaderboards, pairs(joined, spec.challenge_phase_splits, of_row))


_ID: Any = (lambda row: row.config_id, lambda entry: str(entry.id))
_CODENAME: Any = (lambda row: row.codename, lambda entry: entry.codename)
_LABELS: Any = (
    lambda row: (tuple(row.labels), row.default_order_by),
    lambda entry: (entry.labels, entry.default_order_by),
)


def _by_codename(found: list[Pair[Any, Any]], others: Sequence[Any]) -> list[Pair[Any, Any]]:
    """Give entries without a row one of the other rows, where one has their codename."""
    taken = {row.id for row, _ in found if row is not None}
    free = {row.codename: row for row in others if row.id not in taken}
    return [(free.get(entry.codename) if row is None and entry is not None else row, entry) for row, entry in found]


def removed_phases(challenge_id: int) -> Sequence[Phase]:
    """Return the phases that a version removed."""
    return db.session.scalars(
        select(Phase).where(Phase.challenge_id == challenge_id, Phase.removed_at.is_not(None)).order_by(Phase.id)
    ).all()


def every_split(challenge_id: int) -> Sequence[DatasetSplit]:
    """Return every dataset split a challenge ever had."""
    return db.session.scalars(
        select(DatasetSplit).where(DatasetSplit.challenge_id == challenge_id).order_by(DatasetSplit.id)
    ).all()


def every_board(challenge_id: int) -> Sequence[PhaseSplit]:
    """Return every board a challenge ever had, in the order in which they are shown."""
    return db.session.scalars(
        select(PhaseSplit)
        .join(Phase)
        .where(Phase.challenge_id == challenge_id)
        .order_by(PhaseSplit.position, PhaseSplit.id)
    ).all()


def board(phase_id: int, dataset_split_id: int, leaderboard_id: int) -> PhaseSplit | None:
    """Return the board that joins these three, a removed one too."""
    return db.session.scalar(
        select(PhaseSplit).where(
            PhaseSplit.phase_id == phase_id,
            PhaseSplit.dataset_split_id == dataset_split_id,
            PhaseSplit.leaderboard_id == leaderboard_id,
        )
    )


def open_submissions(phase_id: int) -> Sequence[int]:
    """Return the ids of the submissions to a phase that wait or run."""
    is_open = Submission.status.in_(OPEN)
    return db.session.scalars(select(Submission.id).where(Submission.phase_id == phase_id, is_open)).all()


def submissions_of(phase_id: int) -> int:
    """Count the submissions to a phase."""
    return db.session.scalar(select(func.count()).where(Submission.phase_id == phase_id)) or 0


def entries_of(board_ids: Sequence[int]) -> int:
    """Count the submissions that were scored on any of some boards."""
    counted = func.count(Entry.submission_id.distinct())
    return db.session.scalar(select(counted).where(Entry.phase_split_id.in_(board_ids))) or 0
