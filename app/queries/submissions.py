"""Submissions as pages, quotas and the worker need them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models.challenges import Challenge, Phase, PhaseSplit
from app.models.leaderboards import Standing
from app.models.submissions import Entry, PastOutcome, Submission, SubmissionMove, SubmissionOutput
from app.models.teams import Team, is_ranked
from app.queries.environments import BEING_BUILT_AGAIN
from app.rules.states import OPEN, SubmissionStatus

_boards = joinedload(Submission.phase).joinedload(Phase.splits)
# written once: putting the statement together takes longer than running it
_TO_EVALUATE = (
    select(Submission)
    .where(Submission.id == bindparam("submission_id"))
    .options(
        joinedload(Submission.phase).joinedload(Phase.challenge),
        _boards.joinedload(PhaseSplit.dataset_split),
        _boards.joinedload(PhaseSplit.leaderboard),
        joinedload(Submission.team),
        joinedload(Submission.version),
    )
)
_BY_FORM_KEY = select(Submission.id).where(Submission.form_key == bindparam("form_key"))

_is_queued = Submission.status == SubmissionStatus.QUEUED
_served = (
    select(Submission.team_id, func.max(Submission.started_at).label("at"))
    .where(Submission.team_id.in_(select(Submission.team_id).where(_is_queued)))
    .group_by(Submission.team_id)
    .subquery()
)
_WAITING = (
    select(Submission.id, Submission.attempt)
    .join(_served, _served.c.team_id == Submission.team_id)
    .where(_is_queued)
    .order_by(
        # what is new goes before what is evaluated again
        Submission.rerun_at.is_not(None),
        func.row_number().over(
            partition_by=(Submission.team_id, Submission.rerun_at.is_not(None)), order_by=Submission.id
        ),
        _served.c.at.is_not(None),
        _served.c.at,
        Submission.id,
    )
)
_live_version = func.coalesce(Challenge.version_id, Submission.version_id)
_NEXT_WAITING = (
    _WAITING.add_columns(_live_version.label("version_id"))
    .join(Phase, Submission.phase_id == Phase.id)
    .join(Challenge, Phase.challenge_id == Challenge.id)
    .where(_live_version.not_in(BEING_BUILT_AGAIN))
    .limit(1)
)


_entries = (
    select(
        Submission.team_id,
        Entry.submission_id,
        Submission.submitted_at,
        Entry.scores,
        Submission.completed_at,
        Submission.is_baseline,
        Submission.picked_at,
    )
    .join(Submission, Entry.submission_id == Submission.id)
    .join(Team, Submission.team_id == Team.id)
    .where(
        Entry.phase_split_id == bindparam("phase_split_id"),
        # while it is evaluated again, the entries of before count
        (Submission.status == SubmissionStatus.FINISHED) | Submission.rerun_at.is_not(None),
        is_ranked() | Submission.is_baseline,
        Submission.flag_reason == "",
        ~Submission.is_late,
    )
)
_of_team = Submission.team_id == bindparam("team_id")
# by: of all teams, only what is put on the board
_ENTRIES = {
    (True, False): _entries,
    (True, True): _entries.where(Submission.on_board),
    (False, False): _entries.where(_of_team),
    (False, True): _entries.where(_of_team, Submission.on_board),
}


def submission(submission_id: int) -> Submission | None:
    """Return a submission with its phase, challenge, team, moves and scores."""
    return db.session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .options(
            joinedload(Submission.phase).joinedload(Phase.challenge),
            joinedload(Submission.team),
            joinedload(Submission.account),
            joinedload(Submission.version),
            selectinload(Submission.moves).joinedload(SubmissionMove.account),
            selectinload(Submission.entries).joinedload(Entry.phase_split),
            selectinload(Submission.past).joinedload(PastOutcome.version),
        )
    )


def to_evaluate(submission_id: int) -> Submission | None:
    """Return a submission with all that its evaluation and its scores need, in one statement."""
    return db.session.scalars(_TO_EVALUATE, {"submission_id": submission_id}).unique().one_or_none()


def id_by_form_key(form_key: str) -> int | None:
    """Return the id of the submission that a form has made already."""
    return db.session.scalar(_BY_FORM_KEY, {"form_key": form_key})


def open_of(phase_id: int, team_id: int | None) -> Sequence[Submission]:
    """Return what of a team waits or runs in a phase, the oldest first."""
    query = select(Submission).where(Submission.phase_id == phase_id, Submission.team_id == team_id)
    return db.session.scalars(query.where(Submission.status.in_(OPEN)).order_by(Submission.id)).all()


def output(submission_id: int) -> SubmissionOutput | None:
    """Return what the evaluation printed and returned."""
    return db.session.get(SubmissionOutput, submission_id)


def waiting_in_order() -> list[int]:
    """Return the ids of the queued submissions in the order they will run: a round of one for each team.

    A team that sends fifty does not keep the others waiting for fifty runs: within a round, the team that was served
    longest ago goes first, then the oldest submission.
    """
    return list(db.session.scalars(_WAITING))


def next_waiting() -> Row[int, int, int] | None:
    """Return id and attempt of the queued submission whose turn it is, and the id of the version that is live."""
    return db.session.execute(_NEXT_WAITING).one_or_none()


def place_in_queue(submission_id: int) -> int | None:
    """Return how many runs begin before this one, plus one; None when it is not waiting."""
    order = waiting_in_order()
    return order.index(submission_id) + 1 if submission_id in order else None


def running() -> list[tuple[int, int]]:
    """Return id and attempt of every running submission."""
    found = db.session.execute(
        select(Submission.id, Submission.attempt).where(Submission.status == SubmissionStatus.RUNNING)
    )
    return [(row.id, row.attempt) for row in found]


def lapsed(now: datetime) -> list[tuple[int, int]]:
    """Return id and attempt of the running submissions whose worker has not been heard of in time."""
    found = db.session.execute(
        select(Submission.id, Submission.attempt).where(
            Submission.status == SubmissionStatus.RUNNING, Submission.lease_until < now
        )
    )
    return [(row.id, row.attempt) for row in found]


def waiting() -> int:
    """Count the submissions that wait for a worker."""
    return db.session.scalar(select(func.count()).where(Submission.status == SubmissionStatus.QUEUED)) or 0


def file_keys() -> set[str]:
    """Return the key of every submitted file."""
    return {key for key in db.session.scalars(select(Submission.file_key)) if key}


def counts_by_status() -> dict[SubmissionStatus, int]:
    """Return how many submissions wait and run just now."""
    rows = db.session.execute(
        select(Submission.status, func.count()).where(Submission.status.in_(OPEN)).group_by(Submission.status)
    )
    return {row.status: row[1] for row in rows}


def entries_for_board(
    phase_split_id: int, team_id: int | None, *, shown_only: bool
) -> Sequence[Row[int, int, datetime, dict[str, Any], datetime | None, bool, datetime | None]]:
    """Return what may count on a board: finished, in time, of teams that rank, not flagged, and put on the board
    where that matters.

    Columns, not objects, as a team may have thousands: team_id, submission_id, submitted_at, scores, completed_at,
    is_baseline, picked_at.
    """
    query = _ENTRIES[team_id is None, shown_only]
    return db.session.execute(query, {"phase_split_id": phase_split_id, "team_id": team_id}).all()


def standing_of(phase_split_id: int, team_id: int) -> Standing | None:
    """Return a team's standing on a board."""
    return db.session.get(Standing, (phase_split_id, team_id))
