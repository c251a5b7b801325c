"""What a standing consists of, computed from the entries of a team; nothing here writes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, RowMapping

from app.models.challenges import Phase, PhaseSplit
from app.queries import past_boards, picks, places, submissions
from app.queries.places import Place
from app.rules import picks as picks_rule
from app.rules.picks import Choice
from app.rules.quarters import counted
from app.rules.ranking import Candidate, latest, oriented, rank
from app.rules.states import Visibility
from app.rules.trails import trail

# team_id, submission_id, submitted_at, scores, completed_at, is_baseline, picked_at
Entries = Sequence[Row[int, int, datetime, dict[str, Any], datetime | None, bool, datetime | None]]
Values = dict[str, Any]
_OF_PLACE = ("team_id", "submission_id", "score", "best_at", "entries", "last_at", "trail")
Known = RowMapping | Values | None


def counts_shown_only(split: PhaseSplit) -> bool:
    """Whether only submissions put on the board count: on everybody's board. A host's own board has them all.

    So has a final board: a team that picks, picks whatever it shows meanwhile.
    """
    return split.visibility == Visibility.EVERYBODY and not is_final(split)


def is_final(split: PhaseSplit) -> bool:
    """Whether a board ranks what teams picked, by rules/picks.py."""
    if not split.phase.final_picks:
        return False
    if split.visibility == Visibility.HOST or split.public_board_id is not None:
        return True
    # revealed, beside one that was never kept back
    return split.was_kept_back and any(_is_public(it) for it in split.phase.splits)


def in_order(splits: Iterable[PhaseSplit]) -> list[PhaseSplit]:
    """Return boards in the order in which they are computed: the final ones ask what the public ones show."""
    return sorted(splits, key=is_final)


def finals_of(phase: Phase) -> list[PhaseSplit]:
    """Return the boards of a phase that rank what teams picked."""
    return [it for it in phase.every_split if is_final(it)]


def _is_public(split: PhaseSplit) -> bool:
    return split.visibility == Visibility.EVERYBODY and not split.was_kept_back and split.public_board_id is None


def _picked(split: PhaseSplit, team_id: int | None, rows: Entries) -> Entries:
    public = split.public_board_id or next((it.id for it in split.phase.splits if _is_public(it)), None)
    best = picks.public_best(public, team_id) if public is not None else {}
    choices = [Choice(it.team_id, it.submission_id, it.picked_at) for it in rows]
    counted = picks_rule.counting(choices, most=split.phase.final_picks, public_best=best)
    return [it for it in rows if it.is_baseline or it.submission_id in counted]


def counting(split: PhaseSplit, team_id: int | None, *, now: datetime) -> Entries:
    """Return the entries of a team (None: of all) that count on a board now; a frozen one stays as it was then."""
    rows = submissions.entries_for_board(split.id, team_id, shown_only=counts_shown_only(split))
    if is_final(split):
        rows = _picked(split, team_id, rows)
    if split.freeze_at is None or not split.is_frozen(now):
        return rows
    return _until(split.freeze_at, split, team_id, rows)


def _until(moment: datetime, split: PhaseSplit, team_id: int | None, rows: Entries) -> Entries:
    kept = [it for it in rows if it.completed_at is not None and it.completed_at <= moment]
    one_is_shown = counts_shown_only(split) and split.phase.is_restricted_to_select_one_submission
    if kept or not rows or team_id is None or not one_is_shown:
        return kept
    # what the team shows came later and took the place of what stood at that moment
    stood = past_boards.submission_at(split.id, team_id, moment)
    every = submissions.entries_for_board(split.id, team_id, shown_only=False)
    return [it for it in every if it.submission_id == stood]


def revealed(split: PhaseSplit, *, now: datetime) -> list[Place]:
    """Return where every team would stand if the board were revealed, and the baselines between them.

    Reads all its entries, a second for each 100,000.
    """
    ranks_picks = is_final_once_revealed(split, now=now)
    rows = submissions.entries_for_board(split.id, None, shown_only=not ranks_picks)
    teams: dict[int, list[Any]] = {}
    for it in _picked(split, None, rows) if ranks_picks else rows:
        if not it.is_baseline:
            teams.setdefault(it.team_id, []).append(it)
    found = (standing(split, team_id, rows) for team_id, rows in teams.items())
    ranked = places.ranked(Place(None, **{name: it[name] for name in _OF_PLACE}) for it in found)
    return places.with_baselines(ranked, places.baselines(split, split.leaderboard.default_order_by))


def is_final_once_revealed(split: PhaseSplit, *, now: datetime) -> bool:
    """Whether a board would rank what teams picked if it were revealed."""
    if not split.phase.final_picks or split.public_board_id is not None:
        return bool(split.phase.final_picks)
    is_kept_back = split.visibility != Visibility.EVERYBODY or split.is_hidden(now) or split.was_kept_back
    return is_kept_back and any(_is_public(it) for it in split.phase.splits if it.id != split.id)


def standing(split: PhaseSplit, team_id: int, rows: Entries) -> Values:
    """Return the row that says where a team stands on a board by its default metric; `rows` are not empty."""
    label = split.leaderboard.default_order_by
    return _place(split, team_id, rows, label) | {
        "entries": len(rows),
        "last_at": max(it.submitted_at for it in rows),
        "quarters": counted(it.submitted_at for it in rows),
        "trail": trail(
            ((it.submitted_at, it.scores.get(label)) for it in rows),
            descending=bool(split.descending[label]),
            by_latest=split.by_latest,
        ),
    }


def by_other_metrics(split: PhaseSplit, team_id: int, rows: Entries) -> list[Values]:
    """Return where the team stands by each other metric of the board."""
    others = [label for label in split.leaderboard.labels if label != split.leaderboard.default_order_by]
    return [_place(split, team_id, rows, label) | {"label": label} for label in others] if rows else []


def _place(split: PhaseSplit, team_id: int, rows: Entries, label: str) -> Values:
    descending = bool(split.descending[label])
    candidates = [Candidate(team_id, it.submission_id, it.submitted_at, it.scores.get(label)) for it in rows]
    best = rank(latest(candidates) if split.by_latest else candidates, descending=descending)[0].candidate
    return {
        "phase_split_id": split.id,
        "team_id": team_id,
        "submission_id": best.submission_id,
        "score": oriented(best.score, descending=descending),
        "best_at": best.submitted_at,
    }


def baselines(split: PhaseSplit, rows: Iterable[Any]) -> list[Values]:
    """Return the rows of a board's baselines among some entries."""
    return [
        {"phase_split_id": split.id, "submission_id": it.submission_id, "team_id": it.team_id}
        for it in rows
        if it.is_baseline
    ]


def change(before: Known, after: Values | None, *, now: datetime) -> Values | None:
    """Return the row that keeps what a board showed, None where the submission that counts and its score stay."""
    if before is not None and after is not None and _counts(before) == _counts(after):
        return None
    kept = after or before
    if kept is None:
        return None
    same = {name: kept[name] for name in ("phase_split_id", "team_id")}
    gone = {"submission_id": None, "score": None, "best_at": None}
    return same | {"at": now} | (gone if after is None else {name: after[name] for name in gone})


def _counts(it: RowMapping | Values) -> tuple[Any, ...]:
    return it["submission_id"], it["score"]


def is_same(before: Known, after: Values | None) -> bool:
    """Whether a standing stays as it is, down to its counts."""
    names = ("submission_id", "score", "entries", "last_at")
    if before is None or after is None:
        return before is after
    return all(before[name] == after[name] for name in names)
