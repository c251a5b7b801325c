"""ChallengeSpec -> a configuration in EvalAI's own keys, which the reader reads as the same challenge again."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import yaml

from app.bundles.fields import Table
from app.bundles.shiai_spec import BoardReference, ShiaiBoard, ShiaiChallenge, ShiaiPhase
from app.bundles.shiai_tables import BOARD_REFERENCE, SHIAI_BOARD, SHIAI_CHALLENGE, SHIAI_PHASE
from app.bundles.spec import ChallengeSpec, Image, LeaderboardSpec, Page
from app.bundles.tables import (
    CHALLENGE,
    DATASET_SPLIT,
    DEFAULT_META_ATTRIBUTE,
    META_ATTRIBUTE,
    METRIC,
    PHASE,
    PHASE_SPLIT,
    PRIZE,
    SPONSOR,
)
from app.bundles.yaml_document import YamlLimits

_LISTS: dict[str, Table] = {
    "challenge_phases": PHASE,
    "dataset_splits": DATASET_SPLIT,
    "challenge_phase_splits": PHASE_SPLIT,
    "prizes": PRIZE,
    "sponsors": SPONSOR,
    "submission_meta_attributes": META_ATTRIBUTE,
    "default_submission_meta_attributes": DEFAULT_META_ATTRIBUTE,
}
_MAPS: dict[type, Table] = {
    ShiaiChallenge: SHIAI_CHALLENGE,
    ShiaiPhase: SHIAI_PHASE,
    ShiaiBoard: SHIAI_BOARD,
    BoardReference: BOARD_REFERENCE,
}
# EvalAI refuses or misreads a bundle without these, whatever its documents say of defaults.
_ALWAYS = frozenset(
    {
        *("max_submissions_per_day", "max_submissions_per_month", "max_submissions"),
        *("visibility", "leaderboard_decimal_precision", "is_leaderboard_order_descending"),
        *("description", "type"),
    }
)
# Quotation marks, of YAML and of typesetters.
_MARKS = frozenset('"“”„‟‘’‚‛')
# Line breaks to YAML 1.1, which PyYAML writes as they are and reads as blanks.
_BREAKS = frozenset("\r\x85\u2028\u2029")


def write_configuration(spec: ChallengeSpec) -> bytes:
    """Return challenge_config.yaml in UTF-8: required keys, keys that differ from their default, and unknown ones.

    Times are written in UTC with their offset, because EvalAI and this server take a bare time for different zones.
    """
    values = _map(spec, CHALLENGE)
    content = _dumped(values, flow=False)
    return content if len(content) <= YamlLimits().size else _dumped(values, flow=True)


def _dumped(values: dict[str, Any], *, flow: bool) -> bytes:
    content: bytes = yaml.dump(
        values,
        Dumper=_Dumper,
        default_flow_style=flow,
        allow_unicode=True,
        sort_keys=False,
        width=120,
        encoding="utf-8",
    )
    return content


def _map(row: Any, table: Table) -> dict[str, Any]:
    return {**dict(_entries(row, table)), **row.unknown}


def _entries(row: Any, table: Table) -> Iterator[tuple[str, Any]]:
    for entry in table:
        if entry.ignored:
            if entry.key in row.ignored:
                yield entry.key, row.ignored[entry.key]
            continue
        value = getattr(row, entry.key)
        if entry.required or entry.key in _ALWAYS or value != entry.default:
            yield entry.key, _value(entry.key, value)


def _value(key: str, value: Any) -> Any:
    if key == "leaderboard":
        return [_board(board) for board in value]
    if key == "allowed_submission_file_types":
        return ", ".join(value)  # EvalAI takes no list here
    if key in _LISTS:
        return [_map(row, _LISTS[key]) for row in value]
    if type(value) in _MAPS:
        return _map(value, _MAPS[type(value)])
    if isinstance(value, Page | Image):
        return value.path
    return list(value) if isinstance(value, tuple) else value


def _board(board: LeaderboardSpec) -> dict[str, Any]:
    schema = {
        "labels": list(board.labels),
        "default_order_by": board.default_order_by,
        "metadata": {label: _map(metric, METRIC) for label, metric in board.metadata.items()},
    }
    if not board.metadata:
        del schema["metadata"]
    return {"id": board.id, "schema": {**schema, **board.unknown_schema}, **board.unknown}


class _Dumper(yaml.SafeDumper):
    """Writes what people would write: no anchors, block text for lines."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's signature
        """Indent the dashes of a list below its key, as EvalAI's examples do."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = '"' if _BREAKS.intersection(value) else "|" if "\n" in value else None
    if style is None and {value[:1], value[-1:]} & _MARKS:
        # unquoted, the reader takes a mark at an end of a key for a slip of the pen
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _moment(dumper: yaml.SafeDumper, value: datetime) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat(" "))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(datetime, _moment)


def page_bytes(page: Page) -> bytes:
    """Return the file of a page, such that reading it gives the same text."""
    mark = "\ufeff" if page.html.startswith("\ufeff") else ""  # the first one is taken for a byte order mark
    return f"{mark}{page.html}".encode()


def pages_of(spec: ChallengeSpec) -> Mapping[str, Page]:
    """Return every page by its path."""
    fixed = (spec.description, spec.evaluation_details, spec.terms_and_conditions, spec.submission_guidelines)
    return {page.path: page for page in (*fixed, *(phase.description for phase in spec.challenge_phases))}
