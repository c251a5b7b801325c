"""A configuration as it stands in its file: values, the place of each, the text as written, what was wrong."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from app.bundles.problems import ExcerptLine, Problem, Severity

MOST_PROBLEMS = 1_000  # of one severity; nobody reads more
NodePath = tuple[str | int, ...]


class Unreadable(Enum):
    """Stands where a value was refused already, so that nobody complains about it a second time."""

    VALUE = "unreadable"


@dataclass(frozen=True, slots=True)
class YamlLimits:
    """What a configuration may weigh: bytes, levels of nesting, nodes after expansion of aliases."""

    size: int = 256 * 1024
    depth: int = 32
    nodes: int = 20_000
    mistakes: int = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text, counted from 1."""

    line: int
    column: int


def mark_of(thing: Any) -> Mark:
    """Return where a node or an event of PyYAML begins."""
    mark = thing.start_mark
    return Mark(mark.line + 1, mark.column + 1)


@dataclass(slots=True)
class YamlDocument:
    """The values of a configuration, where each of them stands, its text as written, and what was wrong with it."""

    file: str
    lines: list[str]
    data: dict[str, Any] = field(default_factory=dict)
    marks: dict[NodePath, Mark] = field(default_factory=dict)
    keys: dict[NodePath, Mark] = field(default_factory=dict)
    raw: dict[NodePath, str] = field(default_factory=dict)
    quoted: set[NodePath] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    said: Counter[Severity] = field(default_factory=Counter)

    def place(self, path: NodePath) -> Mark:
        """Return where a key stands, else its value, else what encloses it."""
        for length in range(len(path), -1, -1):
            mark = self.keys.get(path[:length]) or self.marks.get(path[:length])
            if mark:
                return mark
        return Mark(1, 1)

    def excerpt(self, line: int) -> tuple[ExcerptLine, ...]:
        """Return a line with its neighbours, as written."""
        return excerpt(self.lines, line)

    def complain(
        self,
        severity: Severity,
        path: NodePath,
        message: str,
        hint: str = "",
        *,
        at: Mark | None = None,
        supply: str | None = None,
        **values: Any,
    ) -> None:
        """Note a problem at a node, with its place filled in; after 1,000 of a kind only count them."""
        self.said[severity] += 1
        if self.said[severity] > MOST_PROBLEMS:
            return
        mark = at or self.place(path)
        self.problems.append(
            Problem(
                severity=severity,
                message=message,
                hint=hint,
                values=values,
                file=self.file,
                line=mark.line,
                column=mark.column,
                path=spelled(path),
                excerpt=self.excerpt(mark.line),
                supply=supply,
            )
        )


def excerpt(lines: list[str], line: int) -> tuple[ExcerptLine, ...]:
    """Return line number `line` and its two neighbours, each cut at 200 characters."""
    first, last = max(1, line - 1), min(len(lines), line + 1)
    return tuple(ExcerptLine(number, lines[number - 1][:200]) for number in range(first, last + 1))


def spelled(path: NodePath) -> str | None:
    """Write a node path as people know it: `challenge_phases[1].max_submissions`; None for the whole document."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".") or None
