"""Keeping boards true: a team's standing is recomputed from its entries, and every change raises the board's version.

Used by the other services inside their own transactions; nothing here commits.
"""

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models.challenges import PhaseSplit
from app.models.leaderboards import BoardVersion, Standing
from app.models.submissions import Entry, Submission
from app.queries import submissions as submission_queries
from app.rules.ranking import Candidate, latest, oriented, rank
from app.rules.states import SubmissionStatus, Visibility


def refresh_standing(session: Session, split: PhaseSplit, team_id: int) -> None:
    """Recompute one team's standing on one board and raise the board's version.

    Never counted up or down, always computed anew: right after a score, a deletion, a re-run or a repair.
    """
    session.flush()
    rows = submission_queries.entries_for_board(split.id, team_id, shown_only=counts_shown_only(split))
    standing = session.get(Standing, (split.id, team_id))
    if not rows:
        if standing is not None:
            session.delete(standing)
    else:
        session.merge(_standing(split, team_id, rows))
    raise_version(session, split)


def counts_shown_only(split: PhaseSplit) -> bool:
    """Whether only submissions put on the board count: on everybody's board. A host's own board has them all."""
    return split.visibility == Visibility.EVERYBODY


def _standing(split: PhaseSplit, team_id: int, rows: list[tuple[Entry, Submission]]) -> Standing:
    label = split.leaderboard.default_order_by
    descending = bool(split.descending[label])
    candidates = [
        Candidate(team_id, submission.id, submission.submitted_at, entry.scores.get(label))
        for entry, submission in rows
    ]
    best = rank(latest(candidates) if split.by_latest else candidates, descending=descending)[0].candidate
    return Standing(
        phase_split_id=split.id,
        team_id=team_id,
        submission_id=best.submission_id,
        score=oriented(best.score, descending=descending),
        best_at=best.submitted_at,
        entries=len(rows),
        last_at=max(submission.submitted_at for _, submission in rows),
    )


def keep_one(session: Session, chosen: Submission) -> None:
    """Where a phase shows one submission of a team, take the team's others off in favour of this one.

    Only once it is scored: a new one that fails must not cost the team its place.
    """
    if not (
        chosen.on_board
        and chosen.status is SubmissionStatus.FINISHED
        and chosen.phase.is_restricted_to_select_one_submission
    ):
        return
    session.execute(
        update(Submission)
        .where(Submission.phase_id == chosen.phase_id, Submission.team_id == chosen.team_id, Submission.id != chosen.id)
        .values(on_board=False)
    )


def raise_version(session: Session, split: PhaseSplit) -> None:
    """Tell every open browser that a board changed."""
    version = session.get(BoardVersion, split.id)
    if version is None:
        session.add(BoardVersion(phase_split_id=split.id, version=1, is_open=is_open(split)))
    else:
        version.version += 1
        version.is_open = is_open(split)


def raise_versions(session: Session, splits: Iterable[PhaseSplit]) -> None:
    """Tell every open browser that something about these boards changed, such as who may see them."""
    for split in splits:
        raise_version(session, split)


def is_open(split: PhaseSplit) -> bool:
    """Whether a board is everybody's just now; such a board can be polled without asking who is there."""
    return split.visibility == Visibility.EVERYBODY and split.phase.is_public and split.phase.challenge.is_live
