"""Every field of a challenge at every level, for people: its value, and what this server makes of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.bundles.fields import Field, Table
from app.bundles.shiai_tables import BOARD_REFERENCE, KEY, SHIAI_BOARD, SHIAI_CHALLENGE, SHIAI_PHASE
from app.bundles.spec import ChallengeSpec, Image, LeaderboardSpec, Page, PhaseSplitSpec
from app.bundles.tables import (
    CHALLENGE,
    DATASET_SPLIT,
    DEFAULT_META_ATTRIBUTE,
    META_ATTRIBUTE,
    METRIC,
    PHASE,
    PHASE_SPLIT,
    PRIZE,
    SCHEMA,
    SPONSOR,
)

_NESTED = (
    *("leaderboard", "challenge_phases", "dataset_splits", "challenge_phase_splits", "prizes", "sponsors"),
    KEY,
)
_ATTRIBUTES: dict[str, Table] = {
    "submission_meta_attributes": META_ATTRIBUTE,
    "default_submission_meta_attributes": DEFAULT_META_ATTRIBUTE,
}


class Effect(StrEnum):
    """What this server makes of a key."""

    ACTS = "acts"
    KEPT = "kept"
    WITHOUT = "without"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One key with its value: a text, a number, a time, a truth, or None where there is none."""

    key: str
    value: str | int | datetime | None
    effect: Effect
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One map of the configuration: its place such as `challenge_phases[dev]`, empty at the top, and its lines."""

    place: str
    lines: tuple[Line, ...]


def contents(spec: ChallengeSpec) -> list[Part]:
    """Return every map of the configuration in the order of docs/bundles.md."""
    return [Part(place, tuple(lines)) for place, lines in _parts(spec)]


def _parts(spec: ChallengeSpec) -> Iterator[tuple[str, Iterator[Line]]]:
    yield "", _lines(spec, CHALLENGE, without=_NESTED)
    yield from _own(spec.shiai, KEY, SHIAI_CHALLENGE)
    for board in spec.leaderboard:
        yield from _board(board)
    for phase in spec.challenge_phases:
        place = f"challenge_phases[{phase.codename}]"
        yield place, _lines(phase, PHASE, without=(*_ATTRIBUTES, KEY))
        yield from _own(phase.shiai, f"{place}.{KEY}", SHIAI_PHASE)
        for key, table in _ATTRIBUTES.items():
            for attribute in getattr(phase, key):
                yield f"{place}.{key}[{attribute.name}]", _lines(attribute, table)
    for split in spec.dataset_splits:
        yield f"dataset_splits[{split.codename}]", _lines(split, DATASET_SPLIT)
    codenames = {phase.id: phase.codename for phase in spec.challenge_phases}
    for joined in spec.challenge_phase_splits:
        names = (codenames[joined.challenge_phase_id], spec.split(joined.dataset_split_id).codename)
        yield from _phase_split(joined, f"challenge_phase_splits[{', '.join(names)}]")
    for prize in spec.prizes:
        yield f"prizes[{prize.rank}]", _lines(prize, PRIZE)
    for sponsor in spec.sponsors:
        yield f"sponsors[{sponsor.name}]", _lines(sponsor, SPONSOR)


def _own(part: Any, place: str, table: Table) -> Iterator[tuple[str, Iterator[Line]]]:
    if part is not None:
        yield place, _lines(part, table, without=("public_board",))


def _phase_split(joined: PhaseSplitSpec, place: str) -> Iterator[tuple[str, Iterator[Line]]]:
    yield place, _lines(joined, PHASE_SPLIT, without=(KEY,))
    yield from _own(joined.shiai, f"{place}.{KEY}", SHIAI_BOARD)
    public = joined.shiai and joined.shiai.public_board
    yield from _own(public, f"{place}.{KEY}.public_board", BOARD_REFERENCE)


def _board(board: LeaderboardSpec) -> Iterator[tuple[str, Iterator[Line]]]:
    place = f"leaderboard[{board.id}]"
    yield place, iter([Line("id", board.id, Effect.ACTS), *_rest(board.unknown, Effect.UNKNOWN)])
    schema = [_line(board, entry) for entry in SCHEMA if entry.key != "metadata"]
    yield f"{place}.schema", iter([*schema, *_rest(board.unknown_schema, Effect.UNKNOWN)])
    for label, metric in board.metadata.items():
        yield f"{place}.schema.metadata.{label}", _lines(metric, METRIC)


def _lines(row: Any, table: Table, *, without: tuple[str, ...] = ()) -> Iterator[Line]:
    for entry in table:
        if not entry.ignored and entry.key not in without:
            yield _line(row, entry)
    yield from _rest(getattr(row, "ignored", {}), Effect.WITHOUT)
    yield from _rest(row.unknown, Effect.UNKNOWN)


def _line(row: Any, entry: Field) -> Line:
    value = getattr(row, entry.key)
    is_default = not entry.required and value == entry.default
    return Line(entry.key, _shown(value), Effect.KEPT if entry.kept else Effect.ACTS, is_default)


def _rest(values: Mapping[str, Any], effect: Effect) -> Iterator[Line]:
    for key, value in values.items():
        yield Line(key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), effect)


def _shown(value: Any) -> str | int | datetime | None:
    if isinstance(value, Page):
        return value.path
    if isinstance(value, Image):
        return f"{value.path} ({value.media_type}, {value.width} × {value.height})"
    if isinstance(value, tuple):
        return ", ".join(value) or None
    if isinstance(value, bool):
        return str(value)
    shown: str | int | datetime | None = value
    return None if shown == "" else shown
