"""What the YAML parser said and the text it said it about: the ground on which mistakes are explained."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from app.bundles.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A problem without its file, and the lines as they would parse further, where a mend can be guessed."""

    problem: Problem
    mended: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """What the parser said, and the text it said it about; lines and columns count from 0 here."""

    problem: str
    context: str
    line: int
    column: int
    started: int
    started_column: int
    lines: list[str]

    def text(self, line: int | None = None) -> str:
        place = self.line if line is None else line
        return self.lines[place] if 0 <= place < len(self.lines) else ""

    def before(self, line: int | None = None) -> int | None:
        """Return the nearest line above that holds more than a comment."""
        place = (self.line if line is None else line) - 1
        while place >= 0:
            if self.lines[place].strip() and not self.lines[place].lstrip().startswith("#"):
                return place
            place -= 1
        return None

    def after(self, line: int) -> int | None:
        """Return the nearest line below that holds more than a comment."""
        for place in range(line + 1, len(self.lines)):
            if self.lines[place].strip() and not self.lines[place].lstrip().startswith("#"):
                return place
        return None

    def due_indent(self, line: int) -> int:
        """Return the column where a line should start, judged by the lines around it."""
        above, below = self.before(line), self.after(line)
        if above is None:
            return 0
        text, following = self.text(above), "" if below is None else self.text(below)
        if self.text(line).strip().startswith("- "):
            if text.rstrip().endswith(":"):
                return self._indent_of_first_dash(text, following)
            dashes = (at for at in range(above, max(-1, above - 500), -1) if self.text(at).lstrip().startswith("- "))
            return indent_of(self.text(next(dashes, above)))
        opens = text.rstrip().endswith(":")
        sibling = following and following[0] != "\t" and not following.lstrip().startswith("- ")
        if sibling and opens == (indent_of(following) > inner_indent(text)):
            return indent_of(following)
        return inner_indent(text) + (2 if opens else 0)

    @staticmethod
    def _indent_of_first_dash(opening: str, following: str) -> int:
        """Return the column of a list's first dash: two left of the keys of its item, else two right of its own key."""
        inner = indent_of(following) - 2
        is_key = following.strip() and following[0] != "\t" and not following.lstrip().startswith("- ")
        return inner if is_key and inner >= indent_of(opening) else inner_indent(opening) + 2


def seen_in(failure: yaml.YAMLError, lines: list[str]) -> Failure:
    mark = getattr(failure, "problem_mark", None)
    start = getattr(failure, "context_mark", None) or mark
    return Failure(
        problem=getattr(failure, "problem", None) or str(failure),
        context=getattr(failure, "context", None) or "",
        line=mark.line if mark else 0,
        column=mark.column if mark else 0,
        started=start.line if start else 0,
        started_column=start.column if start else 0,
        lines=lines,
    )


def said(
    line: int, column: int, message: str, hint: str, /, *, mended: list[str] | None = None, **values: Any
) -> Diagnosis:
    problem = Problem(
        severity=Severity.ERROR, message=message, hint=hint, values=values, line=line + 1, column=column + 1
    )
    return Diagnosis(problem, mended)


def with_line(lines: list[str], place: int, text: str) -> list[str]:
    return [*lines[:place], text, *lines[place + 1 :]]


def blank_quoted(text: str) -> str:
    """Return the text with closed quotations and the comment blanked out, at equal length."""
    blank = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'", lambda found: "_" * len(found.group()), text)
    comment = re.search(r"(^|\s)#", blank)
    return blank[: comment.start()] if comment else blank


def indent_of(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def inner_indent(text: str) -> int:
    """Return the column where the keys of this line start: after the dash of a list item."""
    item = re.match(r" *- +", text)
    return len(item.group()) if item else indent_of(text)
