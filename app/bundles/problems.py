"""What is wrong with a bundle, where, and what to write instead: the reader's only way of complaining."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Translate = Callable[[str], str]


class Severity(StrEnum):
    """An error stops the import, a warning does not, a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


# as many cards that say the same are read; more are better counted
_MANY = 3
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """One line of the file the problem is in, as it stands there."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One complaint. `message` and `hint` are English templates marked with N_, filled with `values`.

    `file` is the path inside the bundle; `line` and `column` count from 1; `path` is the place in the
    configuration, such as `challenge_phases[1].max_submissions`; `supply` names a file that would cure it.
    """

    severity: Severity
    message: str
    hint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int | None = None
    column: int | None = None
    path: str | None = None
    excerpt: tuple[ExcerptLine, ...] = ()
    supply: str | None = None

    def text(self, translate: Translate = str) -> str:
        """Return the sentence, translated as a template before its values are filled in."""
        return translate(self.message) % self.values

    def advice(self, translate: Translate = str) -> str:
        """Return what to write instead; empty when there is nothing to add."""
        return translate(self.hint) % self.values if self.hint else ""

    def to_json(self, translate: Translate = str) -> dict[str, Any]:
        """Return the shape that `check-bundle --json` prints."""
        return {
            "severity": self.severity.value,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "message": self.text(translate),
            "hint": self.advice(translate),
        }


class BundleRefused(Exception):
    """The bundle cannot be opened or read at all; `problems` says why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__(" ".join(problem.text() for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems as people read them: errors first, then by file and place; repetitions once."""
    ranked = sorted(problems, key=lambda it: (_RANK[it.severity], it.file, it.line or 0, it.column or 0, it.path or ""))
    kept: dict[tuple[Any, ...], Problem] = {}
    for problem in ranked:
        kept.setdefault((problem.text(), problem.file, problem.line, problem.column, problem.path), problem)
    return list(kept.values())


def together(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Return the problems in their order; more than three that say the same of one file come with their first."""
    listed = list(problems)
    same: dict[tuple[str, ...], list[Problem]] = {}
    for it in listed:
        same.setdefault((it.severity, it.text(), it.advice(), it.file), []).append(it)
    found_with = {id(it): found for found in same.values() if len(found) > _MANY for it in found}
    return [found_with.get(id(it), [it]) for it in listed if found_with.get(id(it), [it])[0] is it]


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether anything in the list stops the import."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def error(message: str, hint: str = "", *, file: str = "", **values: Any) -> Problem:
    """Make an error that has no place in the configuration."""
    return Problem(severity=Severity.ERROR, message=message, hint=hint, file=file, values=values)


def note(message: str, hint: str = "", *, file: str = "", **values: Any) -> Problem:
    """Make a note that has no place in the configuration."""
    return Problem(severity=Severity.NOTE, message=message, hint=hint, file=file, values=values)
