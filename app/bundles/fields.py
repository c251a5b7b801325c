"""The machine that reads one map of a configuration by a table of its fields."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.bundles.folder import Folder
from app.bundles.keys import misspelt, similar_key
from app.bundles.problems import Severity
from app.bundles.yaml_document import Mark, NodePath, Unreadable, YamlDocument
from app.rules.errors import N_

REFUSED = Unreadable.VALUE


@dataclass(slots=True)
class Reading:
    """What a field needs to be read: the document, the files beside it, the zone of times without one."""

    document: YamlDocument
    folder: Folder
    zone: ZoneInfo
    zone_name: str
    unzoned: list[NodePath] = field(default_factory=list)
    guesses: int = 100
    pages: dict[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)

    def error(self, path: NodePath, message: str, hint: str = "", **values: Any) -> None:
        """Complain about a node so that the import stops."""
        self.document.complain(Severity.ERROR, path, message, hint, at=self._at(path), **values)

    def warn(self, path: NodePath, message: str, hint: str = "", **values: Any) -> None:
        """Complain about a node without stopping the import."""
        self.document.complain(Severity.WARNING, path, message, hint, at=self._at(path), **values)

    def note(self, path: NodePath, message: str, hint: str = "", **values: Any) -> None:
        """Inform about a node."""
        self.document.complain(Severity.NOTE, path, message, hint, at=self._at(path), **values)

    def missing_file(
        self, severity: Severity, path: NodePath, message: str, hint: str, *, supply: str, **values: Any
    ) -> None:
        """Complain about a file that is not there and can be supplied without packing again."""
        self.document.complain(
            severity, path, message, hint, at=self._at(path), supply=supply, wanted=supply, key=path[-1], **values
        )

    def raw(self, path: NodePath) -> str:
        """Return a scalar as it is written."""
        return self.document.raw.get(path, "")

    def is_commented_out(self, path: NodePath) -> bool:
        """Tell whether what follows a key on its line is a comment."""
        mark = self.document.place(path)
        return bool(re.search(r":\s+#", self.document.lines[mark.line - 1][mark.column - 1 :]))

    def _at(self, path: NodePath) -> Mark:
        return self.document.marks.get(path) or self.document.place(path)


Parse = Callable[[Reading, NodePath, Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A key: how its value is read, what holds when it is absent, and whether it does anything here.

    `kept` fields are read and checked, but nothing acts on them yet; `ignored` ones are kept as they are written.
    """

    key: str
    parse: Parse
    default: Any = None
    required: bool = False
    kept: bool = False
    ignored: bool = False


Table = tuple[Field, ...]


@dataclass(slots=True)
class Row:
    """A map as read: parsed values by key, the rest by name. `sound` is False when a value was refused."""

    path: NodePath
    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    ignored: dict[str, Any] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)
    sound: bool = True

    def get(self, key: str) -> Any:
        """Return a parsed value; None when it is absent or was refused."""
        value = self.values.get(key)
        return None if value is REFUSED else value

    def at(self, key: str) -> NodePath:
        """Return the path of a key of this map."""
        return (*self.path, key)


def read_row(reading: Reading, path: NodePath, found: Mapping[str, Any], table: Table) -> Row:
    """Read every field of the table, complain about each that is wrong, keep what the table does not know."""
    row = Row(path)
    written = _meant(reading, row, found, table)
    for entry in table:
        value = _read_field(reading, row, found, entry, written.get(entry.key, entry.key))
        if value is REFUSED:
            row.sound = False
        elif entry.ignored:
            continue
        row.values[entry.key] = value
    _keep_unknown(reading, row, found, {*written.values(), *(entry.key for entry in table)}, table)
    return row


def _meant(reading: Reading, row: Row, found: Mapping[str, Any], table: Table) -> dict[str, str]:
    """Find the misspelt keys that stand in for required ones, and say so: one mistake, one problem."""
    known = [entry.key for entry in table]
    missing = [entry.key for entry in table if entry.required and entry.key not in found]
    strangers = [key for key in found if key not in known and key not in reading.owners] if missing else []
    written = misspelt(missing, strangers, known)
    for key, stranger in written.items():
        reading.document.complain(
            Severity.ERROR,
            row.at(stranger),
            N_("`%(key)s` is not a known key; did you mean `%(near)s`, which is missing?"),
            N_("Write `%(near)s`."),
            key=stranger[:80],
            near=key,
        )
    return written


def _read_field(reading: Reading, row: Row, found: Mapping[str, Any], entry: Field, written: str) -> Any:
    path = row.at(written)
    value = found.get(written)
    if value is REFUSED:
        return REFUSED
    if entry.ignored:
        if written in found:
            row.ignored[entry.key] = plain(value, reading, path)
        return None
    if _is_python_none(value) and not entry.required:
        reading.note(
            path,
            N_("`%(key)s: %(found)s` is read as no value; YAML's word for that is `null`."),
            N_("Write `%(key)s:` with nothing after it, or leave the line out."),
            key=entry.key,
            found=str(value).strip(),
        )
        return entry.default
    if value is None:
        return _absent(reading, path, entry, written=written in found)
    row.given.add(entry.key)
    return entry.parse(reading, path, value)


def _is_python_none(value: Any) -> bool:
    """Tell whether a value is Python's `None`: to YAML a text, which a list of addresses takes for an address."""
    return isinstance(value, str) and value.strip().lower() == "none"


def _absent(reading: Reading, path: NodePath, entry: Field, *, written: bool) -> Any:
    if not entry.required:
        return entry.default
    if not written:
        message, hint = N_("The key `%(key)s` is missing."), N_("Add a line `%(key)s: …` here.")
    elif reading.is_commented_out(path):
        message = N_("`%(key)s` has no value, because `#` begins a comment.")
        hint = N_("Put quotes around the value.")
    else:
        message, hint = N_("`%(key)s` has no value."), N_("Write the value after the colon of `%(key)s:`.")
    reading.error(path, message, hint, key=entry.key)
    return REFUSED


def _keep_unknown(
    reading: Reading, row: Row, found: Mapping[str, Any], understood: Collection[str], table: Table
) -> None:
    known = [entry.key for entry in table]
    for key, value in found.items():
        if key in understood:
            continue
        row.unknown[key] = plain(value, reading, row.at(key))
        _say_unknown(reading, row, key, known)


def _say_unknown(reading: Reading, row: Row, key: str, known: list[str]) -> None:
    reading.guesses -= 1
    near = similar_key(key, known) if reading.guesses > 0 else None
    owner = reading.owners.get(key)
    message, hint = N_("`%(key)s` is not a known key; it is kept and does nothing."), ""
    if owner:
        message = N_("`%(key)s` does not belong here but in the entries of `%(owner)s`.")
        hint = N_("Indent it like the other keys of its entry; as it is, it does nothing.")
    elif near:
        message = N_("`%(key)s` is not a known key; did you mean `%(near)s`?")
        hint = N_("Write `%(near)s`; as it is, the key is kept and does nothing.")
    elif reading.guesses > 0 and (near := similar_key(key, reading.owners)):
        owner = reading.owners[near]
        message = N_("`%(key)s` is not a known key; did you mean `%(near)s`, a key of the entries of `%(owner)s`?")
        hint = N_("Write `%(near)s` there; as it is, the key is kept and does nothing.")
    reading.document.complain(Severity.NOTE, row.at(key), message, hint, key=key[:80], near=near, owner=owner)


def plain(value: Any, reading: Reading, path: NodePath) -> Any:
    """Return a value that JSON can hold: dates and refused values as the text they were written in."""
    if isinstance(value, dict):
        return {key: plain(inner, reading, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner, reading, (*path, place)) for place, inner in enumerate(value)]
    if value is REFUSED or isinstance(value, date | float):
        return reading.raw(path)
    return value


def rows_of(table: Table) -> Parse:
    """Return the reader of a list of maps that this table describes."""

    def parse(reading: Reading, path: NodePath, value: Any) -> Any:
        if not isinstance(value, list):
            reading.error(
                path,
                N_("`%(key)s` is not a list."),
                N_("Start each entry of `%(key)s` with a dash on a line of its own."),
                key=path[-1],
            )
            return REFUSED
        return [row for place, inner in enumerate(value) for row in _entry(reading, (*path, place), inner, table)]

    return parse


def _entry(reading: Reading, path: NodePath, value: Any, table: Table) -> Iterator[Row]:
    if isinstance(value, dict):
        yield read_row(reading, path, value, table)
    elif value is not REFUSED:
        reading.error(
            path,
            N_("This entry of `%(key)s` has no keys."),
            N_("Write its keys below the dash, such as `- id: 1`."),
            key=path[-2] if len(path) > 1 else "",
        )
