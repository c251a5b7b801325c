"""Which lines of a text change, with the lines around them."""

import difflib
from dataclasses import dataclass
from typing import Literal

# comparing takes the square of the lines
MOST_LINES = 1_000
MOST_SHOWN = 200
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A line that went (`-`), came (`+`), stays (a blank), or stands for others (`…`)."""

    sign: Literal["-", "+", " ", "…"]
    text: str


def changed_lines(old: str, new: str) -> list[Line]:
    """Return the changed lines with two around them; empty where the texts are too long to be compared by lines."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > MOST_LINES:
        return []
    found: list[Line] = []
    for line in list(difflib.unified_diff(before, after, n=2, lineterm=""))[2:]:
        if line.startswith("@@"):
            found += [Line("…", "")] if found else []
        else:
            sign: Literal["-", "+", " "] = "-" if line[0] == "-" else "+" if line[0] == "+" else " "
            found.append(Line(sign, line[1 : LONGEST_LINE + 1]))
    return found[:MOST_SHOWN] + ([Line("…", "")] if len(found) > MOST_SHOWN else [])
