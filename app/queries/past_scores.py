"""What submissions scored when a board of the past was shown: they may have been evaluated again since, or be gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.challenges import PhaseSplit
from app.models.submissions import PastOutcome
from app.queries.places import Place
from app.rules.ranking import oriented


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores and error bars of one submission on one board, by label."""

    scores: Mapping[str, float | None]
    errors: Mapping[str, float | None]


def scored_then(split: PhaseSplit, places: Sequence[Place], today: Mapping[int, Scored]) -> dict[int, Scored]:
    """Return what the submissions of some places had there and then; one that is gone is left out.

    `today` is what they have now. The score a place was given tells which of its evaluations counted.
    """
    same = {it.submission_id for it in places if _gave(split, today.get(it.submission_id), it)}
    earlier = _earlier(split, [it for it in places if it.submission_id not in same])
    return {**today, **earlier}


def _earlier(split: PhaseSplit, places: Sequence[Place]) -> dict[int, Scored]:
    by_submission = {it.submission_id: it for it in places}
    if not by_submission:
        return {}
    kept = select(PastOutcome.submission_id, PastOutcome.scores).where(PastOutcome.submission_id.in_(by_submission))
    found: dict[int, Scored] = {}
    for submission_id, boards in db.session.execute(kept.order_by(PastOutcome.id)):
        scored = next((_scored(it) for it in boards if it["phase_split_id"] == split.id), None)
        if scored is not None and _gave(split, scored, by_submission[submission_id]):
            found[submission_id] = scored
    return found


def _scored(kept: Mapping[str, Any]) -> Scored:
    return Scored(kept["scores"], kept.get("errors") or {})


def _gave(split: PhaseSplit, scored: Scored | None, place: Place) -> bool:
    """Whether these are the scores for which the submission had its place."""
    label = split.leaderboard.default_order_by
    if scored is None:
        return False
    return oriented(scored.scores.get(label), descending=bool(split.descending[label])) == place.score
