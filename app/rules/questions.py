"""What hosts may have the form of a phase ask beside the file: the usual fields, and questions of their own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rules.attributes import Kind
from app.rules.errors import N_, Invalid

MOST = 50
WITH_OPTIONS = frozenset({Kind.RADIO, Kind.CHECKBOX})
# EvalAI's names, and whether the form shows each where a bundle does not list it
USUAL = {"method_name": True, "method_description": True, "project_url": False, "publication_url": False}

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class QuestionsEdit:
    """Which usual fields are shown, by name, and the questions of its own, as a phase keeps them."""

    usual: dict[str, bool]
    own: list[dict[str, Any]]


def shown_usual(listed: Iterable[Row]) -> dict[str, bool]:
    """Return which usual fields the form shows (`Phase.default_submission_meta_attributes`)."""
    said = {str(it["name"]): bool(it.get("is_visible")) for it in listed}
    return {name: said.get(name, default) for name, default in USUAL.items()}


def listed_usual(listed: Sequence[Row], wanted: Mapping[str, bool]) -> list[dict[str, Any]]:
    """Return what a phase keeps so that its form shows just the wanted fields; what else was listed stays."""
    made = [dict(it) | ({"is_visible": wanted[it["name"]]} if it["name"] in wanted else {}) for it in listed]
    known = {it["name"] for it in listed}
    return made + [
        question(name, is_visible=shown)
        for name, shown in wanted.items()
        if name not in known and shown != USUAL.get(name)
    ]


def question(name: str, *, is_visible: bool = True, **more: Any) -> dict[str, Any]:
    """Return a question as a phase keeps it."""
    usual = {"description": "", "type": Kind.TEXT.value, "options": [], "required": False}
    return {"name": name, **usual, "is_visible": is_visible, **more}


def options_of(text: str) -> list[str]:
    """Return the options of a text with one a line, each once."""
    return list(dict.fromkeys(line for it in re.split(r"[\r\n]+", text) if (line := it.strip())))


def check_options(kind: str, options: Sequence[str]) -> None:
    """Raise Invalid for a choice without options."""
    if kind in WITH_OPTIONS and not options:
        raise Invalid(N_("Write the options, one per line."), "options")


def check_questions(own: Sequence[Row]) -> None:
    """Raise Invalid for too many questions, or for two of one name: answers are kept by it."""
    if len(own) > MOST:
        raise Invalid(N_("Ask at most %(most)s questions."), most=MOST)
    names = [it["name"] for it in own]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Invalid(N_("Two questions are called %(name)s. Answers are kept by name."), name=twice[:80])
