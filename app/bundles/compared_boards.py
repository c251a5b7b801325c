"""What a new version changes about leaderboards: their columns, how they rank, and who sees them."""

from collections.abc import Iterator
from functools import partial

from app.bundles.changes import BOARD, LEADERBOARD, Change, Kind, Phrase
from app.bundles.compared_keys import BOARD_KEYS, LEADERBOARD_KEYS, SHIAI_BOARD_KEYS
from app.bundles.compared_rows import Rows
from app.bundles.compared_values import came_or_went, changed_keys, changed_leftovers, changed_order
from app.bundles.shiai_spec import BoardReference, ShiaiBoard
from app.bundles.spec import ChallengeSpec, DatasetSplitSpec, LeaderboardSpec, MetricSpec, PhaseSpec, PhaseSplitSpec
from app.rules.errors import N_

_DIRECTIONS = {True: Phrase(N_("higher is better")), False: Phrase(N_("lower is better"))}


def leaderboard_changes(old: ChallengeSpec, new: ChallengeSpec, rows: Rows) -> Iterator[Change]:
    """Yield what changes about columns and how they rank."""
    yield from changed_order(rows.leaderboards, old.leaderboard, where="leaderboard")
    turned = {(board.id, label) for _, board, label, *_ in _directions(old, new, rows)}
    for before, after in rows.leaderboards:
        row = after or before
        if row is None:
            continue
        where, name = f"leaderboard[{row.id}]", ", ".join(row.labels)
        yield from came_or_went(before, after, where=where, place=LEADERBOARD, name=name)
        if before is not None and after is not None:
            yield from changed_keys(before, after, LEADERBOARD_KEYS, where=where, place=LEADERBOARD, name=name)
            yield from _metrics(before, after, turned={label for number, label in turned if number == after.id})


def _metrics(before: LeaderboardSpec, after: LeaderboardSpec, *, turned: set[str]) -> Iterator[Change]:
    for label in dict.fromkeys([*before.metadata, *after.metadata]):
        had, has = before.metadata.get(label), after.metadata.get(label)
        where, name = f"leaderboard[{after.id}].schema.metadata.{label}", ", ".join(after.labels)
        change = partial(Change, where=where, place=LEADERBOARD, name=name)
        texts = [it.description if it else "" for it in (had, has)]
        if texts[0] != texts[1]:
            shown = label in before.labels and label in after.labels
            kind, what = (Kind.TEXT, N_("Description of a metric")) if shown else (Kind.KEPT, "`description`")
            yield change(kind=kind, what=what, old=texts[0], new=texts[1])
        said = [it.sort_ascending if it else None for it in (had, has)]
        if said[0] != said[1] and label not in turned:
            yield change(kind=Kind.KEPT, what="`sort_ascending`", old=said[0], new=said[1])
        unknown = [(it or MetricSpec()).unknown for it in (had, has)]
        yield from changed_leftovers(unknown[0], unknown[1], where=where, place=LEADERBOARD, name=name)
        if (had is None) != (has is None) and (had or has) == MetricSpec():
            yield change(kind=Kind.KEPT, what="`metadata`", old=had and label, new=has and label)


def board_changes(old: ChallengeSpec, new: ChallengeSpec, rows: Rows) -> Iterator[Change]:
    """Yield what changes about the boards of phases: which there are, their settings, which values are better."""
    where, what = "challenge_phase_splits", N_("Order of boards")
    yield from changed_order(rows.boards, old.challenge_phase_splits, where=where, what=what)
    turned = list(_directions(old, new, rows))
    for before, after in rows.boards:
        spec, row = (new, after) if after else (old, before)
        if row is None:
            continue
        phase, split = _joined(spec, row)
        where, name = f"challenge_phase_splits[{phase.codename}, {split.codename}]", f"{phase.name}, {split.name}"
        yield from came_or_went(before, after, where=where, place=BOARD, name=name)
        if before is None or after is None:
            continue
        turns = [(label, was, now) for board, _, label, was, now in turned if board is after]
        for label, was, now in turns:
            change = partial(Change, kind=Kind.SCORING, where=f"{where}.{label}", what=f"`{label}`")
            yield change(old=_DIRECTIONS[was], new=_DIRECTIONS[now], place=BOARD, name=name)
        for it in changed_keys(before, after, BOARD_KEYS, where=where, place=BOARD, name=name):
            if not (turns and it.where.endswith("is_leaderboard_order_descending")):
                yield it
        own = before.shiai or ShiaiBoard(), after.shiai or ShiaiBoard()
        yield from changed_keys(*own, SHIAI_BOARD_KEYS, where=f"{where}.shiai", place=BOARD, name=name)
        publics = own[0].public_board, own[1].public_board
        if not _is_same_board(*publics, rows):
            names = [it and _named(spec, it) for spec, it in zip((old, new), publics, strict=True)]
            change = partial(Change, kind=Kind.SETTING, where=f"{where}.shiai.public_board", place=BOARD, name=name)
            yield change(what=N_("It is the final of"), old=names[0], new=names[1])


def _is_same_board(old: BoardReference | None, new: BoardReference | None, rows: Rows) -> bool:
    """Tell whether two references name the same board, whatever its ids are by now, in the same words."""
    if old is None or new is None:
        return old is new
    same = any(had and has and (had.triple, has.triple) == (old.triple, new.triple) for had, has in rows.boards)
    return same and old.unknown == new.unknown


def _named(spec: ChallengeSpec, public: BoardReference) -> str:
    board = next(it for it in spec.challenge_phase_splits if it.triple == public.triple)
    phase, split = _joined(spec, board)
    return f"{phase.name}, {split.name}"


def _directions(
    old: ChallengeSpec, new: ChallengeSpec, rows: Rows
) -> Iterator[tuple[PhaseSplitSpec, LeaderboardSpec, str, bool, bool]]:
    """Yield each metric that is better the other way round than before, board by board."""
    for before, after in rows.boards:
        if before is None or after is None:
            continue
        had, has = old.board(before.leaderboard_id), new.board(after.leaderboard_id)
        for label in has.labels:
            if label in had.labels:
                was, now = old.descending_for(before, label), new.descending_for(after, label)
                if was != now:
                    yield after, has, label, was, now


def _joined(spec: ChallengeSpec, it: PhaseSplitSpec) -> tuple[PhaseSpec, DatasetSplitSpec]:
    phase = next(phase for phase in spec.challenge_phases if phase.id == it.challenge_phase_id)
    return phase, spec.split(it.dataset_split_id)
