"""What hosts change about metrics without a new upload: their descriptions, which values are better, which one ranks.

Scores stay as the script gave them; only their order changes, and the standings are computed anew in the same
transaction. The audit log has before and after.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge, Leaderboard, PhaseSplit
from app.queries import structure
from app.queries import versions as version_queries
from app.rules.errors import N_, Conflict, Invalid
from app.rules.metrics import MetricsEdit, common_directions
from app.services import audit, boards, editing, rebuilding, standings


def current(leaderboard: Leaderboard, splits: Sequence[PhaseSplit]) -> MetricsEdit:
    """Return how a leaderboard's metrics rank on its boards now, and what is said of them."""
    return MetricsEdit(
        default_order_by=leaderboard.default_order_by,
        descending=common_directions(leaderboard.labels, (it.descending for it in splits)),
        descriptions={it: leaderboard.metrics.get(it, {}).get("description", "") for it in leaderboard.labels},
    )


def edit(
    challenge: Challenge,
    leaderboard: Leaderboard,
    wanted: MetricsEdit,
    *,
    seen: str,
    agreed: bool,
    by: Account,
    now: datetime,
) -> bool:
    """Change a leaderboard's metrics and return whether boards were ranked anew, which needs a yes (`agreed`).

    Raises Invalid for a metric or a yes that is missing, Conflict where somebody else was first or where a version
    that waits for approval says how the boards rank.
    """
    with writing() as session:
        editing.check_runs(challenge, by)
        every = [it for it in structure.every_board(challenge.id) if it.leaderboard_id == leaderboard.id]
        splits = [it for it in every if it.removed_at is None]
        before = current(leaderboard, splits)
        editing.check_seen(asdict(before), seen)
        if wanted == before:
            return False
        ranks_anew = not wanted.ranks_as(before)
        if ranks_anew:
            _check_order(challenge, wanted, splits, agreed=agreed)
            _put_order(leaderboard, wanted, splits)
        _put_descriptions(leaderboard, wanted)
        subject = f"{challenge.slug}: {', '.join(leaderboard.labels)}"
        changed = audit.changes(_written(before), _written(wanted))
        audit.record(session, by=by, action="metrics.edited", subject=subject, details=changed, now=now)
        session.flush()
        _draw_anew(session, every, ranks_anew=ranks_anew, now=now)
    return ranks_anew


def _check_order(challenge: Challenge, wanted: MetricsEdit, splits: Sequence[PhaseSplit], *, agreed: bool) -> None:
    if wanted.default_order_by not in wanted.descending:
        raise Invalid(N_("Choose one of the metrics."), "default_order_by")
    if None in wanted.descending.values():
        raise Invalid(N_("Choose for every metric whether higher or lower is better."))
    waiting = version_queries.waiting(challenge)
    if waiting is not None:
        raise Conflict(
            N_(
                "Version %(number)s is waiting for approval and changes how the leaderboards rank. Wait for the "
                "decision, or withdraw it first."
            ),
            number=waiting.number,
        )
    scored = structure.entries_of([it.id for it in splits])
    if scored and not agreed:
        raise Invalid(
            N_("Scored submissions that get a new rank: %(count)s. Tick the box to confirm."), "agreed", count=scored
        )


def _put_order(leaderboard: Leaderboard, wanted: MetricsEdit, splits: Sequence[PhaseSplit]) -> None:
    leaderboard.default_order_by = wanted.default_order_by
    said = {label: {"description": "", **leaderboard.metrics.get(label, {})} for label in leaderboard.labels}
    # said of every metric, so that an export leaves nothing to guess
    leaderboard.metrics = leaderboard.metrics | {
        label: it | {"sort_ascending": not wanted.descending[label]} for label, it in said.items()
    }
    for split in splits:
        split.descending = split.descending | {label: bool(way) for label, way in wanted.descending.items()}


def _put_descriptions(leaderboard: Leaderboard, wanted: MetricsEdit) -> None:
    metrics = dict(leaderboard.metrics)
    for label, text in wanted.descriptions.items():
        if text or label in metrics:
            metrics[label] = {"sort_ascending": None, **metrics.get(label, {}), "description": text}
    leaderboard.metrics = metrics


def _written(metrics: MetricsEdit) -> dict[str, Any]:
    """Return the metrics as the audit log names them."""
    said: dict[str, Any] = {"default_order_by": metrics.default_order_by}
    for label, description in metrics.descriptions.items():
        said[f"{label}: higher is better"] = metrics.descending[label]
        said[f"{label}: description"] = description
    return said


def _draw_anew(session: Session, splits: Sequence[PhaseSplit], *, ranks_anew: bool, now: datetime) -> None:
    for split in standings.in_order(splits):
        if ranks_anew:
            rebuilding.rebuild(session, split, now=now)
        else:
            boards.raise_version(session, split)
