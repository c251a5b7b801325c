"""The leaderboards of a configuration: schema, metrics, and which direction is better."""

import difflib

from app.bundles.fields import REFUSED, Reading, Row, read_row
from app.bundles.spec import LeaderboardSpec, MetricSpec, PhaseSplitSpec
from app.bundles.tables import METRIC, SCHEMA
from app.rules.errors import N_


def read_schema(reading: Reading, board: Row) -> None:
    """Read `schema` and `schema.metadata` of one leaderboard in place; the row becomes unsound when they are."""
    found = board.get("schema")
    if found is None:
        return
    schema = read_row(reading, board.at("schema"), found, SCHEMA)
    board.values["schema"] = schema
    schema.values["metadata"] = _metadata(reading, schema)
    board.sound = board.sound and schema.sound and all(row.sound for row in schema.values["metadata"].values())
    _check_default(reading, board, schema)
    _check_metadata_labels(reading, schema)


def _metadata(reading: Reading, schema: Row) -> dict[str, Row]:
    rows = {}
    for label, entry in (schema.get("metadata") or {}).items():
        path = (*schema.at("metadata"), label)
        if isinstance(entry, dict):
            rows[label] = read_row(reading, path, entry, METRIC)
        elif entry is not None and entry is not REFUSED:
            reading.note(
                path,
                N_("The entry for `%(label)s` is not a map and is ignored."),
                N_("Write `{sort_ascending: False}` or leave it out."),
                label=label[:80],
            )
    return rows


def _check_default(reading: Reading, board: Row, schema: Row) -> None:
    labels, chosen = schema.get("labels"), schema.get("default_order_by")
    if not labels or chosen is None or chosen in labels:
        return
    schema.sound = board.sound = False
    reading.error(
        schema.at("default_order_by"),
        N_("`default_order_by` is `%(found)s`, which is not one of the labels: %(labels)s."),
        N_("Write `%(near)s`, or add `%(found)s` to the labels."),
        found=chosen[:80],
        labels=", ".join(labels)[:300],
        near=(difflib.get_close_matches(chosen, labels, n=1, cutoff=0.0) or labels)[0],
    )


def _check_metadata_labels(reading: Reading, schema: Row) -> None:
    labels = schema.get("labels")
    for label, row in schema.values["metadata"].items():
        if labels and label not in labels:
            reading.note(
                row.path,
                N_("`metadata` describes `%(label)s`, which is not one of the labels: %(labels)s."),
                N_("Write the label exactly as in `labels`, or remove the entry."),
                label=label[:80],
                labels=", ".join(labels)[:300],
            )


def board_spec(board: Row) -> LeaderboardSpec:
    """Build the leaderboard from a sound row."""
    schema: Row = board.values["schema"]
    metadata = {
        label: MetricSpec(**row.values, unknown=row.unknown) for label, row in schema.values["metadata"].items()
    }
    return LeaderboardSpec(
        id=board.values["id"],
        labels=schema.values["labels"],
        default_order_by=schema.values["default_order_by"],
        metadata=metadata,
        unknown=board.unknown,
        unknown_schema=schema.unknown,
    )


def say_directions(
    reading: Reading, boards: list[Row], specs: tuple[LeaderboardSpec, ...], splits: tuple[PhaseSplitSpec, ...]
) -> None:
    """Warn where the two statements about a board's direction disagree, or its only one disagrees with the names."""
    for row, board in zip(boards, specs, strict=True):
        said = {it.is_leaderboard_order_descending for it in splits if it.leaderboard_id == board.id}
        if len(said) > 1:
            reading.warn(
                row.at("id"),
                N_("The phase splits of leaderboard %(id)s disagree: some say highest first, some lowest first."),
                N_("Give all of them the same `is_leaderboard_order_descending`, or use two leaderboards."),
                id=board.id,
            )
        for descending in sorted(said):
            if board.contradicts(split_descending=descending):
                _say_decision(reading, row, board, descending=descending)
        if len(said) == 1:
            _say_silence(reading, row, board, descending=said.pop())


def _say_decision(reading: Reading, row: Row, board: LeaderboardSpec, *, descending: bool) -> None:
    label = board.default_order_by
    schema: Row = row.values["schema"]
    path = schema.values["metadata"][label].at("sort_ascending")
    chosen = board.descending_for(label, split_descending=descending)
    if chosen:
        message = N_(
            "`sort_ascending: %(ascending)s` and `is_leaderboard_order_descending: %(split)s` contradict each "
            "other for `%(label)s`; the highest value ranks first."
        )
    else:
        message = N_(
            "`sort_ascending: %(ascending)s` and `is_leaderboard_order_descending: %(split)s` contradict each "
            "other for `%(label)s`; the lowest value ranks first."
        )
    reading.warn(
        path,
        message,
        N_("Where the highest is best write `sort_ascending: False` and `is_leaderboard_order_descending: True`."),
        label=label,
        ascending=descending,
        split=descending,
    )


def _say_silence(reading: Reading, row: Row, board: LeaderboardSpec, *, descending: bool) -> None:
    turned = [it for it in board.labels if board.follows_against_its_name(it, split_descending=descending)]
    if not turned:
        return
    path = row.values["schema"].at("labels")
    if descending:
        message = N_(
            "Judging by the name, lower is better for %(labels)s; but the highest value ranks first, because nothing "
            "else is specified."
        )
    else:
        message = N_(
            "By the name, more is better for %(labels)s; the lowest value ranks first, as its phase splits say."
        )
    values = {"labels": ", ".join(f"`{it}`" for it in turned)[:300], "label": turned[0][:80], "kept": not descending}
    if board.default_order_by in turned:
        reading.warn(
            path,
            message,
            N_(
                "Write `is_leaderboard_order_descending: %(kept)s` in its phase splits; if the order is meant, "
                "`sort_ascending: %(kept)s` in `metadata`."
            ),
            **values,
        )
    else:
        reading.note(
            path,
            message,
            N_("Write `%(label)s: {sort_ascending: %(other)s}` in `metadata`; if the order is meant, `%(kept)s`."),
            other=descending,
            **values,
        )
