"""Which lines of a text change, with the lines around them."""

import difflib
import unicodedata
from dataclasses import dataclass
from typing import Literal

# comparing takes the square of the lines
MOST_LINES = 1_000
MOST_SHOWN = 200
LONGEST_LINE = 300
AROUND = 2
UNSEEN = frozenset({"Cc", "Cf", "Cs"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line that went (`-`), came (`+`), stays (a blank), or stands for others (`…`)."""

    sign: Literal["-", "+", " ", "…"]
    text: str


def changed_lines(
    old: str, new: str, *, longest: int = MOST_LINES, most: int = MOST_SHOWN, widest: int = LONGEST_LINE
) -> list[Line]:
    """Return the changed lines with two around them; empty where more than `longest` lines had to be compared.

    At most `most` lines of at most `widest` signs; what is cut ends in `…`. Signs that nobody sees, or that turn the
    order of others round, are written as `\\u202e`.
    """
    before, after = _differing(old.splitlines(), new.splitlines())
    if max(len(before), len(after)) > longest:
        return []
    found: list[Line] = []
    for line in list(difflib.unified_diff(before, after, n=AROUND, lineterm=""))[2:]:
        if line.startswith("@@"):
            found += [Line("…", "")] if found else []
        else:
            sign: Literal["-", "+", " "] = "-" if line[0] == "-" else "+" if line[0] == "+" else " "
            found.append(Line(sign, _visible(line[1:], widest)))
    return found[:most] + ([Line("…", "")] if len(found) > most else [])


def _differing(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Leave out what is equal at the beginning and at the end, but for the lines that are shown around a change."""
    shorter = min(len(before), len(after))
    first = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    left = shorter - first
    last = next((place for place in range(left) if before[-1 - place] != after[-1 - place]), left)
    start, end = max(0, first - AROUND), max(0, last - AROUND)
    return before[start : len(before) - end], after[start : len(after) - end]


def _visible(text: str, widest: int) -> str:
    cut = f"{text[:widest]}…" if len(text) > widest else text
    return "".join(f"\\u{ord(it):04x}" if unicodedata.category(it) in UNSEEN and it != "\t" else it for it in cut)
