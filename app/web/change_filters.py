"""Changes between versions as templates show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext

from app.bundles.changes import AT_ONCE, NEEDS_APPROVAL, Change, Kind, shown
from app.bundles.line_diff import Line, changed_lines
from app.bundles.script_changes import Fate, Unshown
from app.queries.versions import Held
from app.rules.errors import N_

FATES = {Fate.CHANGED: N_("changed"), Fate.NEW: N_("new"), Fate.REMOVED: N_("removed")}
UNSHOWN = {
    Unshown.BINARY: N_("This is not a text file, so its lines are not shown."),
    Unshown.LARGE: N_("This file is too long to be compared line by line."),
    Unshown.MANY: N_("So many files change that the lines of this one are not shown."),
    Unshown.ENDS: N_("Only its line endings change."),
}


@dataclass(frozen=True, slots=True)
class Groups:
    """Changes by what becomes of them."""

    scoring: list[Change]
    structure: list[Change]
    at_once: list[Change]
    kept: list[Change]


def register(app: Flask) -> None:
    """Make the filters known."""
    app.jinja_env.tests["datetime"] = lambda value: isinstance(value, datetime)
    app.jinja_env.filters.update(
        change_place=change_place,
        change_sentence=change_sentence,
        change_value=change_value,
        file_fate=lambda fate: gettext(FATES[fate]),
        file_unshown=lambda why: gettext(UNSHOWN[why]),
        changed_lines=lines_of,
        grouped_changes=grouped_changes,
        held_sentence=held_sentence,
        stored_changes=stored_changes,
    )


def change_place(change: Change) -> str:
    """Return the words for what changes; empty for the challenge itself."""
    return change.placed(gettext)


def change_sentence(change: Change) -> str:
    """Return a change as a sentence."""
    return change.text(gettext)


def change_value(value: Any) -> str:
    """Return a value as people read it."""
    return shown(value, gettext)


def lines_of(change: Change) -> list[Line]:
    """Return the lines of a long text that change."""
    return changed_lines(str(change.old or ""), str(change.new or ""))


def grouped_changes(changes: Iterable[Change]) -> Groups:
    """Sort changes by what becomes of them."""
    listed = list(changes)
    return Groups(
        scoring=[it for it in listed if it.kind in NEEDS_APPROVAL],
        structure=[it for it in listed if it.kind in {Kind.ADDED, Kind.REMOVED}],
        at_once=[it for it in listed if it.kind in AT_ONCE],
        kept=[it for it in listed if it.kind is Kind.KEPT],
    )


def stored_changes(rows: Iterable[dict[str, Any]]) -> list[Change]:
    """Return the changes that a version keeps."""
    return [Change.from_row(row) for row in rows]


def held_sentence(held: Held) -> str:
    """Say what becomes of the submissions that hang on something removed or renamed."""
    place = gettext(held.place) % {"name": held.name}
    sentence: str = gettext(held.sentence)
    return sentence % {"place": place, "count": held.count, "open": held.open, "new": held.new}
