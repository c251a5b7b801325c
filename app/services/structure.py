"""Laying a bundle's phases, data splits and leaderboards over the rows of a challenge.

What goes live at once and what belongs to scoring are two calls, because a version that waits for approval brings
only the first (docs/decisions/0018). Used inside other services' transactions; nothing here commits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.bundles.spec import ChallengeSpec
from app.models.challenges import Challenge, DatasetSplit, Leaderboard, Phase, PhaseSplit
from app.models.versions import BundleVersion
from app.queries import structure as rows
from app.rules import causes
from app.rules.pairing import Pair
from app.rules.states import SubmissionStatus
from app.services import final_boards, phase_rows, rebuilding, standings, team_review
from app.services.final_boards import Joined
from app.services.moves import move


def apply_settings(session: Session, challenge: Challenge, spec: ChallengeSpec, *, logo: str | None) -> None:
    """Put texts, dates, limits and settings into the rows that the challenge has already."""
    _set(challenge, phase_rows.challenge_texts(spec) | {"logo": logo})
    challenge.extra = {**challenge.extra, **phase_rows.challenge_extra(spec)}
    found = rows.paired(challenge, spec)
    for position, (phase, entry) in enumerate(found.phases):
        if phase is not None and entry is not None and phase.removed_at is None:
            _set(phase, phase_rows.phase_settings(entry) | {"position": position})
    for split, part in found.splits:
        if split is not None and part is not None:
            split.name = part.name
    for leaderboard, columns in found.leaderboards:
        if leaderboard is not None and columns is not None:
            leaderboard.metrics = phase_rows.with_descriptions(leaderboard.metrics, columns)
    for position, (board, joining) in enumerate(found.boards):
        if board is not None and joining is not None:
            _set(board, phase_rows.board_settings(joining, position=position))
    final_boards.join([(row, it) for row, it in found.boards if row is not None and it is not None])
    if spec.shiai is not None and not spec.shiai.needs_team_approval:
        team_review.let_waiting_in(session, challenge)
    _refresh_boards(session, challenge)


def apply_scoring(
    session: Session, challenge: Challenge, version: BundleVersion, spec: ChallengeSpec, *, now: datetime
) -> None:
    """Make the rows those of a version: new ones, removed ones, codenames, annotations, metrics and directions."""
    found = rows.paired(challenge, spec)
    phases = _phases(session, challenge, version, found.phases, now=now)
    splits = _splits(session, challenge, found.splits)
    leaderboards = _leaderboards(session, challenge, found.leaderboards)
    session.flush()
    known = {it.id for it in rows.every_board(challenge.id) if it.removed_at is None}
    kept: list[Joined] = []
    for position, entry in enumerate(spec.challenge_phase_splits):
        triple = phases[entry.challenge_phase_id], splits[entry.dataset_split_id], leaderboards[entry.leaderboard_id]
        board = _board(session, triple, phase_rows.board_settings(entry, position=position))
        board.descending = phase_rows.directions(spec, entry)
        session.flush()
        kept.append((board, entry))
    final_boards.join(kept, but=known)
    stay = {board.id for board, _ in kept}
    _remove_boards([it for it in rows.every_board(challenge.id) if it.id not in stay], now=now)
    _refresh_boards(session, challenge)


def _set(row: object, values: dict[str, Any]) -> None:
    for key, value in values.items():
        setattr(row, key, value)


# -- phases ------------------------------------------------------------------------------------------------------------


def _phases(
    session: Session,
    challenge: Challenge,
    version: BundleVersion,
    found: list[Pair[Phase, Any]],
    *,
    now: datetime,
) -> dict[int, Phase]:
    """Add, rename and remove phases; return them by the ids of their entries."""
    for phase, entry in found:
        if phase is not None and entry is None and phase.removed_at is None:
            _remove(session, phase, now=now)
    _free_codenames(session, found, rows.removed_phases(challenge.id))
    made = {}
    for position, (phase, entry) in enumerate(found):
        if entry is None:
            continue
        row = phase or Phase(challenge_id=challenge.id, **phase_rows.phase_settings(entry), position=position)
        if row.removed_at is not None:
            _set(row, phase_rows.phase_settings(entry) | {"position": position, "removed_at": None})
        _set(row, phase_rows.phase_scoring(entry, version.annotations))
        session.add(row)
        made[entry.id] = row
    return made


def _free_codenames(session: Session, found: Sequence[Pair[Any, Any]], gone: Iterable[Any]) -> None:
    """Take codenames away from rows that get another one, and from removed rows whose codename is used again.

    A codename is unique in a challenge at every moment, also while two rows swap theirs.
    """
    renamed = [row for row, entry in found if row is not None and entry is not None and row.codename != entry.codename]
    wanted = {entry.codename for _, entry in found if entry is not None}
    paired = {id(row) for row, entry in found if row is not None and entry is not None}
    stale = [row for row in gone if id(row) not in paired and row.codename in wanted]
    for row in (*renamed, *stale):
        row.codename = f"{row.codename}~{row.id}"
    session.flush()


def _remove(session: Session, phase: Phase, *, now: datetime) -> None:
    """Close a phase for good: nothing of it is evaluated any more, what was scored stays."""
    for submission_id in rows.open_submissions(phase.id):
        move(session, submission_id, SubmissionStatus.CANCELLED, cause=causes.PHASE_REMOVED, now=now)
    phase.removed_at = now
    _remove_boards(phase.every_split, now=now)


def _remove_boards(gone: Iterable[PhaseSplit], *, now: datetime) -> None:
    for split in gone:
        split.removed_at = split.removed_at or now


# -- data splits and leaderboards --------------------------------------------------------------------------------------


def _splits(session: Session, challenge: Challenge, found: list[Pair[DatasetSplit, Any]]) -> dict[int, DatasetSplit]:
    _free_codenames(session, found, rows.every_split(challenge.id))
    made = {}
    for row, entry in found:
        if entry is not None:
            split = row or DatasetSplit(challenge_id=challenge.id, name=entry.name)
            _set(split, {"config_id": str(entry.id), "codename": entry.codename})
            session.add(split)
            made[entry.id] = split
    return made


def _leaderboards(
    session: Session, challenge: Challenge, found: list[Pair[Leaderboard, Any]]
) -> dict[int, Leaderboard]:
    made = {}
    for row, entry in found:
        if entry is not None:
            leaderboard = row or Leaderboard(challenge_id=challenge.id)
            _set(leaderboard, phase_rows.leaderboard_scoring(entry, known=leaderboard.metrics))
            session.add(leaderboard)
            made[entry.id] = leaderboard
    return made


def _board(session: Session, triple: tuple[Phase, DatasetSplit, Leaderboard], settings: dict[str, Any]) -> PhaseSplit:
    """Return the board that joins these three: the one that is there, a removed one brought back, or a new one."""
    board = rows.board(*(row.id for row in triple))
    if board is None:
        phase, split, leaderboard = triple
        board = PhaseSplit(phase=phase, dataset_split=split, leaderboard=leaderboard, descending={}, **settings)
        session.add(board)
    elif board.removed_at is not None:
        _set(board, settings | {"removed_at": None})
    return board


def _refresh_boards(session: Session, challenge: Challenge) -> None:
    """Compute every standing anew: order, visibility or metrics may be others now."""
    session.flush()
    session.expire(challenge)
    for split in standings.in_order(rows.every_board(challenge.id)):
        # a removed board may share its columns with one that got another metric
        split.descending = dict.fromkeys(split.leaderboard.labels, True) | split.descending
        rebuilding.rebuild(session, split, now=clock.now())
