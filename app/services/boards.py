"""Keeping boards true: a team's standing is recomputed from its entries, and every change raises the board's version.

Used by the other services inside their own transactions; nothing here commits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, update
from sqlalchemy.orm import Session

from app.extensions import changed
from app.models.base import table_of
from app.models.challenges import PhaseSplit
from app.models.leaderboards import BoardVersion, Standing
from app.models.submissions import Submission
from app.queries import submissions as submission_queries
from app.rules.ranking import Candidate, latest, oriented, rank
from app.rules.states import SubmissionStatus, Visibility

# written once: putting a statement together takes longer than running it
_standing_table, _version_table = table_of(Standing), table_of(BoardVersion)
_FORGET = delete(_standing_table).where(
    _standing_table.c.phase_split_id == bindparam("split"), _standing_table.c.team_id == bindparam("team")
)
_FORGET_ALL = delete(_standing_table).where(_standing_table.c.phase_split_id == bindparam("split"))
_PLACE = insert(_standing_table)
_RAISE = (
    update(_version_table)
    .where(_version_table.c.phase_split_id == bindparam("split"))
    .values(version=_version_table.c.version + 1, teams=_version_table.c.teams + bindparam("more"))
)
_FIRST_VERSION = insert(_version_table)


def refresh_standing(session: Session, split: PhaseSplit, team_id: int) -> None:
    """Recompute one team's standing on one board and raise the board's version.

    Never counted up or down, always computed anew: right after a score, a deletion, a re-run or a repair.
    """
    session.flush()
    rows = submission_queries.entries_for_board(split.id, team_id, shown_only=counts_shown_only(split))
    gone = changed(session, _FORGET, {"split": split.id, "team": team_id})
    if rows:
        session.execute(_PLACE, _standing(split, team_id, rows))
    raise_version(session, split, more_teams=bool(rows) - gone)


def refresh_standings(session: Session, split: PhaseSplit) -> None:
    """Recompute every team's standing on one board: after its order, its metrics or its visibility changed."""
    session.flush()
    by_team: dict[int, list[Row[int, int, datetime, dict[str, Any]]]] = {}
    for row in submission_queries.entries_for_board(split.id, None, shown_only=counts_shown_only(split)):
        by_team.setdefault(row.team_id, []).append(row)
    gone = changed(session, _FORGET_ALL, {"split": split.id})
    for team_id, rows in by_team.items():
        session.execute(_PLACE, _standing(split, team_id, rows))
    raise_version(session, split, more_teams=len(by_team) - gone)


def counts_shown_only(split: PhaseSplit) -> bool:
    """Whether only submissions put on the board count: on everybody's board. A host's own board has them all."""
    return split.visibility == Visibility.EVERYBODY


def _standing(
    split: PhaseSplit, team_id: int, rows: Sequence[Row[int, int, datetime, dict[str, Any]]]
) -> dict[str, Any]:
    label = split.leaderboard.default_order_by
    descending = bool(split.descending[label])
    candidates = [Candidate(team_id, it.submission_id, it.submitted_at, it.scores.get(label)) for it in rows]
    best = rank(latest(candidates) if split.by_latest else candidates, descending=descending)[0].candidate
    return {
        "phase_split_id": split.id,
        "team_id": team_id,
        "submission_id": best.submission_id,
        "score": oriented(best.score, descending=descending),
        "best_at": best.submitted_at,
        "entries": len(rows),
        "last_at": max(it.submitted_at for it in rows),
    }


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


def raise_version(session: Session, split: PhaseSplit, *, more_teams: int = 0) -> None:
    """Tell every open browser that a board changed, and has so many more teams."""
    open_now = is_open(split)
    if changed(session, _RAISE, {"split": split.id, "is_open": open_now, "more": more_teams}) == 0:
        first = {"phase_split_id": split.id, "version": 1, "is_open": open_now, "teams": max(0, more_teams)}
        session.execute(_FIRST_VERSION, first)


def raise_versions(session: Session, splits: Iterable[PhaseSplit]) -> None:
    """Tell every open browser that something about these boards changed, such as who may see them."""
    for split in splits:
        raise_version(session, split)


def is_open(split: PhaseSplit) -> bool:
    """Whether a board is everybody's just now; such a board can be polled without asking who is there."""
    return split.visibility == Visibility.EVERYBODY and split.phase.is_public and split.phase.challenge.is_live
