"""What the parts of a configuration say about each other: ids, references, codenames, dates, limits."""

from collections.abc import Iterator
from typing import Any

from app.bundles.fields import Reading, Row
from app.rules.errors import N_
from app.rules.questions import USUAL


def check_references(reading: Reading, top: Row) -> None:
    """Run every check that looks at more than one value."""
    for check in _CHECKS:
        check(reading, top)


def _rows(top: Row, key: str) -> list[Row]:
    return list(top.get(key) or ())


def _nothing_listed(reading: Reading, top: Row) -> None:
    for key in ("leaderboard", "challenge_phases", "dataset_splits", "challenge_phase_splits"):
        if reading.document.data.get(key) == []:
            reading.error(top.at(key), N_("`%(key)s` is an empty list."), N_("Write at least one entry."), key=key)


def _repeated_ids(reading: Reading, top: Row) -> None:
    for key in ("leaderboard", "challenge_phases", "dataset_splits"):
        _repeated(reading, _rows(top, key), "id", N_("Give each entry an id of its own."))
    for key in ("challenge_phases", "dataset_splits"):
        _repeated(reading, _rows(top, key), "codename", N_("Give each entry a codename of its own."))


def _repeated(reading: Reading, rows: list[Row], key: str, hint: str) -> None:
    first: dict[Any, Row] = {}
    for row in rows:
        value = row.get(key)
        if value is None:
            continue
        earlier = first.setdefault(value, row)
        if earlier is not row:
            reading.error(
                row.at(key),
                N_("The %(key)s `%(value)s` is already used in line %(line)s."),
                hint,
                key=key,
                value=value,
                line=reading.document.place(earlier.at(key)).line,
            )


_REFERENCES = (
    ("challenge_phase_id", "challenge_phases"),
    ("leaderboard_id", "leaderboard"),
    ("dataset_split_id", "dataset_splits"),
)


def _known_references(reading: Reading, top: Row) -> None:
    for key, target in _REFERENCES:
        known = [row.get("id") for row in _rows(top, target)]
        if None in known or not known:
            continue  # an id that could not be read is complained about already
        ids = set(known)
        for row in _rows(top, "challenge_phase_splits"):
            value = row.get(key)
            if value is not None and value not in ids:
                reading.error(
                    row.at(key),
                    N_("`%(key)s` is %(value)s, but no entry of `%(target)s` has this id."),
                    N_("Write one of: %(known)s."),
                    key=key,
                    value=value,
                    target=target,
                    known=", ".join(str(it) for it in known[:20]),
                )


def _repeated_phase_splits(reading: Reading, top: Row) -> None:
    first: dict[tuple[Any, ...], Row] = {}
    for row in _rows(top, "challenge_phase_splits"):
        triple = tuple(row.get(key) for key, _ in _REFERENCES)
        if None in triple:
            continue
        earlier = first.setdefault(triple, row)
        if earlier is not row:
            reading.error(
                row.path,
                N_("This combination of phase, leaderboard and dataset split is already in line %(line)s."),
                N_("Remove one of the two entries."),
                line=reading.document.place(earlier.path).line,
            )


def _unused(reading: Reading, top: Row) -> None:
    splits = _rows(top, "challenge_phase_splits")
    for key, target in _REFERENCES:
        used = {row.get(key) for row in splits}
        if None in used or not splits:
            continue
        for row in _rows(top, target):
            if row.get("id") is not None and row.get("id") not in used:
                _say_unused(reading, row, target)


def _say_unused(reading: Reading, row: Row, target: str) -> None:
    if target == "challenge_phases":
        reading.warn(
            row.at("id"),
            N_("No entry of `challenge_phase_splits` names this phase: its submissions appear on no leaderboard."),
            N_("Add an entry with `challenge_phase_id: %(id)s`."),
            id=row.get("id"),
        )
    else:
        reading.note(
            row.at("id"),
            N_("No entry of `challenge_phase_splits` names this entry of `%(target)s`."),
            target=target,
        )


def _dates(reading: Reading, top: Row) -> None:
    phases = _rows(top, "challenge_phases")
    for row in (top, *phases):
        start, end = row.get("start_date"), row.get("end_date")
        if start and end and end < start:
            reading.error(
                row.at("end_date"),
                N_("`end_date` is before `start_date`."),
                N_("Swap the two, or correct the year."),
            )
        elif start and end and end == start:
            reading.warn(
                row.at("end_date"),
                N_("`end_date` equals `start_date`: it is never open."),
                N_("Write a later end."),
            )
    for row in phases:
        _outside_the_challenge(reading, top, row)


def _outside_the_challenge(reading: Reading, top: Row, phase: Row) -> None:
    opens, closes = top.get("start_date"), top.get("end_date")
    start, end = phase.get("start_date"), phase.get("end_date")
    if opens and start and start < opens:
        reading.note(phase.at("start_date"), N_("The phase starts before the challenge does."))
    if closes and end and end > closes:
        reading.note(phase.at("end_date"), N_("The phase ends after the challenge does."))


_QUOTAS = (
    "max_submissions",
    "max_submissions_per_day",
    "max_submissions_per_month",
    "max_concurrent_submissions_allowed",
)


def _limits(reading: Reading, top: Row) -> None:
    for phase in _rows(top, "challenge_phases"):
        total, day = phase.get("max_submissions"), phase.get("max_submissions_per_day")
        none = next((key for key in _QUOTAS if phase.get(key) == 0), None)
        if none:
            reading.warn(
                phase.at(none),
                N_("`%(key)s` is 0: nobody can submit to this phase."),
                N_("Write a larger number, or remove the line."),
                key=none,
            )
        elif {"max_submissions", "max_submissions_per_day"} <= phase.given and total and day and total < day:
            reading.note(
                phase.at("max_submissions"), N_("`max_submissions` is smaller than `max_submissions_per_day`.")
            )


def _public_choice(reading: Reading, top: Row) -> None:
    for phase in _rows(top, "challenge_phases"):
        if phase.get("is_submission_public") and phase.get("is_restricted_to_select_one_submission"):
            phase.values["is_submission_public"] = False
            reading.warn(
                phase.at("is_submission_public"),
                N_("Submissions cannot all be public where participants select one; they start hidden."),
                N_("Write `is_submission_public: False` here."),
            )


def _meta_attributes(reading: Reading, top: Row) -> None:
    for phase in _rows(top, "challenge_phases"):
        for row in _attributes(phase, "submission_meta_attributes"):
            if row.get("type") in {"radio", "checkbox"} and not row.get("options"):
                reading.error(
                    row.path,
                    N_("The attribute `%(name)s` offers no options."),
                    N_('Add a line such as `options: ["A", "B"]`, or use `type: text`.'),
                    name=row.get("name") or "",
                )
        _strange_defaults(reading, phase)


def _strange_defaults(reading: Reading, phase: Row) -> None:
    """Note the attributes that no form shows, in one note for each phase: some bundles have a hundred."""
    rows = [
        row
        for row in _attributes(phase, "default_submission_meta_attributes")
        if row.get("name") and row.get("name") not in USUAL
    ]
    if rows:
        reading.note(
            rows[0].at("name"),
            N_("These are not default attributes (%(known)s), so the form does not show them: %(names)s."),
            N_("Move them to `submission_meta_attributes`."),
            names=", ".join(row.get("name") for row in rows[:20]) + (", …" if len(rows) > 20 else ""),
            known=", ".join(USUAL),
        )


def _attributes(phase: Row, key: str) -> Iterator[Row]:
    yield from phase.get(key) or ()


def _prizes(reading: Reading, top: Row) -> None:
    _repeated(reading, _rows(top, "prizes"), "rank", N_("Give each prize a rank of its own."))


_CHECKS = (
    _nothing_listed,
    _repeated_ids,
    _known_references,
    _repeated_phase_splits,
    _unused,
    _dates,
    _limits,
    _public_choice,
    _meta_attributes,
    _prizes,
)
