"""What can be evaluated again, and what evaluating again changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models.challenges import Phase, PhaseSplit
from app.models.submissions import PastOutcome, Submission
from app.models.versions import BundleVersion
from app.rules.states import RERUN_FROM, SubmissionStatus

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which submissions of a challenge: these, all of a phase, all that a version scored; nothing given: all."""

    ids: tuple[int, ...] = ()
    phase: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class Change:
    """The ordering metric of one board before and now; None where there is no such score."""

    split: PhaseSplit
    before: float | None
    now: float | None

    @property
    def label(self) -> str:
        return self.split.leaderboard.default_order_by

    @property
    def difference(self) -> float | None:
        """How much larger the number is now."""
        return None if self.before is None or self.now is None else self.now - self.before


@dataclass(frozen=True)
class Comparison:
    """A submission beside its outcome of before, or beside the new evaluation that failed and left it in force."""

    submission: Submission
    other: PastOutcome
    changes: tuple[Change, ...]

    @property
    def failed_again(self) -> bool:
        """Whether the new evaluation failed, so that the outcome of before stands."""
        stands = self.submission.status is SubmissionStatus.FINISHED
        return stands and self.other.status is SubmissionStatus.FAILED and self._is_newer

    @property
    def _is_newer(self) -> bool:
        ended, other = self.submission.completed_at, self.other.completed_at
        return ended is not None and other is not None and other > ended


def chosen(challenge_id: int, choice: Choice) -> Sequence[int]:
    """Return the ids of the chosen submissions that can be evaluated again, oldest first."""
    wanted = select(Submission.id).join(Phase).where(Phase.challenge_id == challenge_id)
    wanted = wanted.where(Submission.status.in_(RERUN_FROM)).order_by(Submission.id)
    if choice.ids:
        wanted = wanted.where(Submission.id.in_(choice.ids))
    if choice.phase is not None:
        wanted = wanted.where(Phase.codename == choice.phase)
    if choice.version is not None:
        scored_by = BundleVersion.id == Submission.version_id
        wanted = wanted.join(BundleVersion, scored_by).where(BundleVersion.number == choice.version)
    return db.session.scalars(wanted).all()


def compared(challenge_id: int, *, page: int = 1) -> list[Comparison]:
    """Return one page of the submissions that were evaluated again, the newest first, and one more if there is one."""
    found = db.session.scalars(
        _evaluated_again(challenge_id)
        .options(
            joinedload(Submission.phase).selectinload(Phase.every_split).joinedload(PhaseSplit.leaderboard),
            joinedload(Submission.team),
            joinedload(Submission.version),
            selectinload(Submission.past).joinedload(PastOutcome.version),
            selectinload(Submission.entries),
        )
        .limit(PAGE + 1)
        .offset((max(1, page) - 1) * PAGE)
    ).unique()
    return [_comparison(made) for made in found]


def _evaluated_again(challenge_id: int) -> Select[Submission]:
    newest = (
        select(PastOutcome.submission_id, func.max(PastOutcome.id).label("past_id"))
        .group_by(PastOutcome.submission_id)
        .subquery()
    )
    of_challenge = Submission.phase_id.in_(select(Phase.id).where(Phase.challenge_id == challenge_id))
    return (
        select(Submission)
        .join(newest, newest.c.submission_id == Submission.id)
        .where(of_challenge)
        .order_by(newest.c.past_id.desc())
    )


def _comparison(made: Submission) -> Comparison:
    other = made.past[0]
    before = {it["phase_split_id"]: it["scores"] for it in other.scores}
    now = {entry.phase_split_id: entry.scores for entry in made.entries}
    is_open = made.rerun_at is not None
    changes = tuple(
        Change(
            split,
            before.get(split.id, {}).get(split.leaderboard.default_order_by),
            None if is_open else now.get(split.id, {}).get(split.leaderboard.default_order_by),
        )
        for split in made.phase.every_split
        if split.id in before or split.id in now
    )
    return Comparison(made, other, changes)
