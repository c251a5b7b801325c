"""What an evaluation script needs beside Python: what it imports, asks pip for, and lists in its requirements.txt."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from app.bundles.distributions import ALWAYS_THERE, canonical, distribution_of, meant
from app.bundles.imports import outside_imports
from app.bundles.pip_calls import pip_calls
from app.bundles.requirement_lines import Line, requirement_lines
from app.bundles.script_source import Package, follow_imports

UNCLEAR = "pip install …"
_MOST_NEEDS = 200
_LONGEST = 200


class Way(StrEnum):
    """How a script says that it needs something."""

    IMPORT = "import"
    PIP = "pip"
    FILE = "file"


class State(StrEnum):
    """How a need stands to what is installed."""

    SATISFIED = "satisfied"
    OTHER_VERSION = "other version"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a need is written, and in which way."""

    way: Way
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Need:
    """One package that a script needs. `name` is canonical, or the words that cannot be read as a package.

    `asked` is a version specifier, empty for any version; `optional` where the script goes on without it.
    """

    name: str
    asked: str = ""
    places: tuple[Place, ...] = ()
    optional: bool = False
    is_clear: bool = True

    @property
    def requirement(self) -> str:
        """The need as a line of a requirements.txt."""
        return f"{self.name}{self.asked}"

    def state(self, installed: Mapping[str, str]) -> State:
        """Compare with what is installed: canonical name to version."""
        if not self.is_clear:
            return State.UNREADABLE
        version = installed.get(self.name)
        if version is None:
            return State.SATISFIED if self.name in ALWAYS_THERE else State.MISSING
        return State.SATISFIED if _allows(self.asked, version) else State.OTHER_VERSION

    def to_json(self) -> dict[str, Any]:
        """Return the shape that is kept with a version."""
        places = [{"way": it.way.value, "file": it.file, "line": it.line} for it in self.places]
        return {
            "name": self.name,
            "asked": self.asked,
            "places": places,
            "optional": self.optional,
            "is_clear": self.is_clear,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        places = tuple(Place(Way(it["way"]), it["file"], it["line"]) for it in kept["places"])
        return cls(kept["name"], kept["asked"], places, kept["optional"], kept["is_clear"])


@dataclass(slots=True)
class _Needs:
    """Needs by name, put together from all places that speak of them."""

    by_name: dict[str, Need] = field(default_factory=dict)

    def add(self, need: Need) -> None:
        known = self.by_name.get(need.name)
        if known is None:
            if len(self.by_name) < _MOST_NEEDS:
                self.by_name[need.name] = need
            return
        asked = {it: None for text in (known.asked, need.asked) for it in text.split(",") if it}
        self.by_name[need.name] = replace(
            known,
            asked=",".join(asked),
            places=tuple(dict.fromkeys((*known.places, *need.places))),
            optional=known.optional and need.optional,
        )


def script_needs(folder: Path) -> list[Need]:
    """Return what the script in a folder needs, by name; nothing of it is run. Never raises for what it holds."""
    package = Package(folder)
    if not (folder / "__init__.py").is_file():
        return []
    follow_imports(package, "__init__.py")
    needs = _Needs()
    for it in outside_imports(package):
        place = Place(Way.IMPORT, it.file, it.line)
        needs.add(Need(distribution_of(it.module), places=(place,), optional=it.optional))
    files = {"requirements.txt"}
    for path in sorted(package.reached):
        tree = package.tree(path)
        for call in pip_calls(tree) if tree else ():
            place = Place(Way.PIP, path, call.line)
            files |= set(call.files)
            _add_all(needs, call.wanted, place)
            if not call.is_clear:
                needs.add(Need(UNCLEAR, places=(place,), is_clear=False))
    for line in _lines(folder, files):
        _add_all(needs, [line.text], Place(Way.FILE, line.file, line.number))
    return sorted((it for it in needs.by_name.values() if it.name not in ALWAYS_THERE), key=lambda it: it.name)


def _lines(folder: Path, names: Iterable[str]) -> Iterable[Line]:
    for name in sorted(names):
        yield from requirement_lines(folder, name)


def _add_all(needs: _Needs, texts: Iterable[str], place: Place) -> None:
    for text in texts:
        need = _need(text.strip(), place)
        if need is not None:
            needs.add(need)


def _need(text: str, place: Place) -> Need | None:
    """Read one requirement; None for one that does not hold here, and for a folder of the bundle itself."""
    try:
        asked = Requirement(text)
    except InvalidRequirement:
        if text.startswith((".", "/")) or text.endswith("/"):
            return None
        return Need(text[:_LONGEST], places=(place,), is_clear=False)
    if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
        return None
    if asked.name in sys.stdlib_module_names:
        return None
    name, is_another = meant(asked.name)
    if asked.url is not None:
        return Need(text[:_LONGEST], places=(place,), is_clear=False)
    # the version of a package that only stands for another says nothing about that one
    return Need(canonical(name), "" if is_another else str(asked.specifier), (place,))


def _allows(asked: str, version: str) -> bool:
    try:
        return SpecifierSet(asked).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True
