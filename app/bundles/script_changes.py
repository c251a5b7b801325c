"""What changes in the files of an evaluation script, line by line, for people who approve it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.bundles import digests
from app.bundles.line_diff import Line, changed_lines

MOST_FILES = 40
MOST_BYTES = 256 * 1024
MOST_LINES = 2_000
MOST_SHOWN = 1_000
LONGEST_LINE = 1_000


class Fate(StrEnum):
    """What becomes of a file."""

    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"


class Unshown(StrEnum):
    """Why the lines of a file are not shown."""

    BINARY = "binary"
    LARGE = "large"
    MANY = "many"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of the script that changes: the lines that differ, or why they are not shown."""

    path: str
    fate: Fate
    lines: tuple[Line, ...] = ()
    unshown: Unshown | None = None

    def count(self, sign: str) -> int:
        """Count the lines with a sign; of a file that is too long, those that are shown."""
        return sum(line.sign == sign for line in self.lines)


def script_changes(old: Path, new: Path) -> list[FileChange]:
    """Compare two folders of unpacked scripts; Python first, then the rest, each by path.

    Of the first MOST_FILES the lines are given, where they are text in UTF-8 of at most MOST_BYTES.
    """
    before, after = (digests.of_folder(it) if it.is_dir() else {} for it in (old, new))
    paths = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    ordered = sorted(paths, key=lambda path: (not path.endswith(".py"), path))
    return [
        _compared(old, new, path, fate=_fate(path in before, path in after), is_one_too_many=place >= MOST_FILES)
        for place, path in enumerate(ordered)
    ]


def _fate(was: bool, is_there: bool) -> Fate:  # noqa: FBT001 - two answers to the same question
    if was and is_there:
        return Fate.CHANGED
    return Fate.NEW if is_there else Fate.REMOVED


def _compared(old: Path, new: Path, path: str, *, fate: Fate, is_one_too_many: bool) -> FileChange:
    if is_one_too_many:
        return FileChange(path, fate, unshown=Unshown.MANY)
    texts = ["", ""]
    for place, folder in enumerate((old, new)):
        if fate is not (Fate.NEW, Fate.REMOVED)[place]:
            found = _text(folder / path)
            if isinstance(found, Unshown):
                return FileChange(path, fate, unshown=found)
            texts[place] = found
    lines = changed_lines(*texts, longest=MOST_LINES, most=MOST_SHOWN, widest=LONGEST_LINE)
    if lines or not any(texts):
        return FileChange(path, fate, lines=tuple(lines))
    only_ends = texts[0].splitlines() == texts[1].splitlines()
    return FileChange(path, fate, unshown=Unshown.ENDS if only_ends else Unshown.LARGE)


def _text(path: Path) -> str | Unshown:
    if path.stat().st_size > MOST_BYTES:
        return Unshown.LARGE
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return Unshown.BINARY
    return Unshown.BINARY if "\0" in text else text
