"""One difference between two versions of a challenge: where, what, and a sentence for people."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.rules.errors import N_

Translate = Callable[[str], str]
LONGEST_QUOTE = 80


class Kind(StrEnum):
    """What a change is about, which decides when it takes effect."""

    TEXT = "text"
    DATE = "date"
    LIMIT = "limit"
    SETTING = "setting"
    SCORING = "scoring"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    KEPT = "kept"


AT_ONCE = frozenset({Kind.TEXT, Kind.DATE, Kind.LIMIT, Kind.SETTING})
# a codename is what the script is told and what it answers with
NEEDS_APPROVAL = frozenset({Kind.SCORING, Kind.RENAMED})


class Phrase(str):
    """A value that is a sentence of ours, to be translated."""

    __slots__ = ()


CHALLENGE = ""
SCRIPT = N_("Evaluation script")
PHASE = N_("Phase %(name)s")
DATASET_SPLIT = N_("Data split %(name)s")
LEADERBOARD = N_("Leaderboard %(name)s")
BOARD = N_("Board %(name)s")

_SENTENCES = {
    Kind.ADDED: N_("%(place)s is new."),
    Kind.REMOVED: N_("%(place)s is removed."),
    Kind.RENAMED: N_("%(place)s: the codename changes from %(old)s to %(new)s."),
}
_REWRITTEN = N_("%(what)s: rewritten.")
_CHANGED = N_("%(what)s: %(new)s instead of %(old)s.")
_LISTED = N_("%(what)s: %(new)s.")
_UNSAID = N_("%(what)s: changed.")
_IN_PLACE = N_("%(place)s: %(sentence)s")


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """`where` is the path in the configuration, such as `challenge_phases[dev].max_submissions`.

    `place` (with `name`) and `what` are English templates for people; `what` may be a key in backquotes. `old` and
    `new` are the values: text, number, list, time, None.
    """

    kind: Kind
    where: str
    what: str = ""
    old: Any = None
    new: Any = None
    place: str = CHALLENGE
    name: str = ""

    @property
    def is_long(self) -> bool:
        """Whether the values are too long to stand in a sentence: a page, not a title."""
        return any(isinstance(it, str) and (len(it) > LONGEST_QUOTE or "\n" in it) for it in (self.old, self.new))

    def placed(self, translate: Translate = str) -> str:
        """Return the words for the thing that changes; empty for the challenge itself."""
        return translate(self.place) % {"name": self.name} if self.place else ""

    def text(self, translate: Translate = str) -> str:
        """Return the change as a sentence."""
        place = self.placed(translate)
        old, new = shown(self.old, translate), shown(self.new, translate)
        whole = _SENTENCES.get(self.kind)
        if whole is not None:
            return translate(whole) % {"place": place, "old": old, "new": new}
        sentence = translate(self._template()) % {"what": translate(self.what), "old": old, "new": new}
        return translate(_IN_PLACE) % {"place": place, "sentence": sentence} if place else sentence

    def _template(self) -> str:
        if self.is_long:
            return _REWRITTEN
        if self.old is None:
            return _UNSAID if self.new is None else _LISTED
        return _CHANGED

    def to_row(self) -> dict[str, Any]:
        """Return what is kept of the change with its version; long texts are cut."""
        told = {"kind": self.kind.value, "where": self.where, "what": self.what}
        return told | {"old": _kept(self.old), "new": _kept(self.new), "place": self.place, "name": self.name}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Change":
        """Return the change that `to_row` wrote."""
        values = {key: _known(row[key], kind=row["kind"]) for key in ("old", "new")}
        return cls(**(row | values | {"kind": Kind(row["kind"])}))

    def to_json(self, translate: Translate = str) -> dict[str, Any]:
        """Return the shape that `import-bundle --update --json` prints."""
        return {
            "kind": self.kind.value,
            "path": self.where,
            "old": _plain(self.old),
            "new": _plain(self.new),
            "message": self.text(translate),
        }


def needs_approval(changes: list[Change]) -> bool:
    """Tell whether any of these changes touches what gives the scores."""
    return any(change.kind in NEEDS_APPROVAL for change in changes)


def fingerprint(changes: list[Change]) -> str:
    """Return a short text that differs when the changes do: what a page showed is what is confirmed."""
    rows = [(it.kind, it.where, repr(it.old), repr(it.new)) for it in changes]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


def shown(value: Any, translate: Translate = str) -> str:
    """Return a value as people read it."""
    if value is None or value in ("", ()):
        return translate(N_("nothing"))
    if isinstance(value, bool):
        return translate(N_("yes")) if value else translate(N_("no"))
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, tuple | list):
        return ", ".join(shown(it, translate) for it in value)
    return translate(value) if isinstance(value, Phrase) else str(value)


def _kept(value: Any) -> Any:
    if isinstance(value, Phrase):
        return {"phrase": str(value)}
    return value[: LONGEST_QUOTE + 1] if isinstance(value, str) else _plain(value)


def _known(value: Any, *, kind: str) -> Any:
    if isinstance(value, dict):
        return Phrase(value["phrase"])
    if kind == Kind.DATE and isinstance(value, str):
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(it) for it in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
