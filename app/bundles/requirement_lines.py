"""The lines of a requirements.txt that name packages (pip's format of requirements files)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LARGEST = 64 * 1024
_DEEPEST = 3
_COMMENT = re.compile(r"(^|\s)#.*$")
_OPTIONS_BEHIND = re.compile(r"\s--?[a-z].*$")
_EDITABLE = ("-e ", "--editable ", "--editable=")
_MORE = re.compile(r"(?:-r|--requirement)[\s=]*(\S+)$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that names a package, with where it stands."""

    text: str
    file: str
    number: int


def requirement_lines(folder: Path, name: str, *, depth: int = _DEEPEST) -> Iterator[Line]:
    """Yield the lines of a file in a folder that name packages, those of files it includes too.

    Yields nothing for a file that is not there. Options, such as the address of an index, are left out.
    """
    path = folder / name
    if not _is_inside(path, folder):
        return
    with path.open("rb") as file:
        text = file.read(_LARGEST).decode("utf-8-sig", "replace")
    for number, line in _joined(text):
        more = _MORE.match(line)
        if more and depth:
            yield from requirement_lines(folder, more[1], depth=depth - 1)
        elif line.startswith(_EDITABLE):
            yield Line(line.split(maxsplit=1)[-1], name, number)
        elif not line.startswith("-"):
            yield Line(_OPTIONS_BEHIND.sub("", line), name, number)


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return False


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers: comments taken away, those continued by a backslash put together."""
    begun, held = 0, ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw).strip()
        begun = begun or number
        held += line.removesuffix("\\")
        if line.endswith("\\"):
            continue
        if held.strip():
            yield begun, held.strip()
        begun, held = 0, ""
    if held.strip():
        yield begun, held.strip()
