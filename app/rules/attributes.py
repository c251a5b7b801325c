"""What a phase asks about a submission besides its file: attributes as a bundle declares them, and the answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.rules.errors import N_, Invalid

LONGEST_TEXT = 2000
YES = frozenset({"true", "yes", "on", "1", "y"})
NO = frozenset({"false", "no", "off", "0", "n", ""})


class Kind(StrEnum):
    """How an attribute is answered; the values are EvalAI's."""

    TEXT = "text"
    BOOLEAN = "boolean"
    RADIO = "radio"
    CHECKBOX = "checkbox"


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One question of `submission_meta_attributes`; `is_visible` says whether others than the team see the answer."""

    name: str
    kind: Kind = Kind.TEXT
    description: str = ""
    options: tuple[str, ...] = ()
    required: bool = False
    is_visible: bool = True


@dataclass(frozen=True)
class Answer:
    """What was said about one attribute: `values` is empty when nothing was; a boolean is `True` or `False`."""

    name: str
    kind: Kind
    values: tuple[str, ...]
    is_visible: bool = True

    @property
    def is_true(self) -> bool:
        """Whether a boolean was answered with yes."""
        return self.values == ("True",)


def parse(declared: Iterable[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    """Read attributes as a phase keeps them (`Phase.submission_meta_attributes`); an unknown kind is asked as text."""
    return tuple(_parsed(it) for it in declared)


def _parsed(it: Mapping[str, Any]) -> Attribute:
    kind = it.get("type")
    return Attribute(
        name=str(it["name"]),
        kind=Kind(kind) if kind in set(Kind) else Kind.TEXT,
        description=str(it.get("description") or ""),
        options=tuple(str(option) for option in it.get("options") or ()),
        required=bool(it.get("required")),
        is_visible=it.get("is_visible") is not False,
    )


def checked(attribute: Attribute, given: object, *, field: str | None = None) -> dict[str, Any]:
    """Return an answer as it is kept, in EvalAI's shape; None is no answer.

    `value` for text, radio and boolean (`True`, `False`), `values` for check boxes. Raises Invalid, with `field`, for
    what is missing, too long, or not one of the choices.
    """
    kept = {
        "name": attribute.name,
        "type": attribute.kind.value,
        "description": attribute.description,
        "options": list(attribute.options),
        "required": attribute.required,
        "is_visible": attribute.is_visible,
    }
    if attribute.kind is Kind.BOOLEAN:
        return kept | {"value": str(_truth(attribute, given, field=field))}
    if attribute.kind is Kind.CHECKBOX:
        return kept | {"values": _choices(attribute, given, field=field)}
    return kept | {"value": _text(attribute, given, field=field)}


def answers(declared: Iterable[Attribute], given: Mapping[str, object]) -> list[dict[str, Any]]:
    """Check answers given by the attributes' names and return them as a submission keeps them; Invalid as `checked`."""
    asked = tuple(declared)
    unknown = [name for name in given if name not in {it.name for it in asked}]
    if unknown:
        raise Invalid(N_("This phase does not ask for %(name)s."), name=unknown[0][:80])
    return [checked(it, given.get(it.name)) for it in asked]


def read(kept: Iterable[Mapping[str, Any]]) -> tuple[Answer, ...]:
    """Read the answers that a submission keeps (`Submission.attributes`)."""
    return tuple(_answer(it) for it in kept)


def _answer(it: Mapping[str, Any]) -> Answer:
    attribute = _parsed(it)
    values = it.get("values") if "values" in it else [it.get("value")]
    said = tuple(str(value) for value in values or () if value not in (None, ""))
    return Answer(attribute.name, attribute.kind, said, attribute.is_visible)


def _truth(attribute: Attribute, given: object, *, field: str | None) -> bool:
    word = str(given if given is not None else "").strip().lower()
    if word not in YES | NO:
        raise Invalid(N_("Answer %(name)s with yes or no."), field, name=attribute.name)
    return word in YES


def _choices(attribute: Attribute, given: object, *, field: str | None) -> list[str]:
    many = given if isinstance(given, list | tuple) else [given]
    chosen = {str(it) for it in many if it not in (None, "")}
    _all_offered(attribute, chosen, field=field)
    if attribute.required and not chosen:
        raise _missing(attribute, field)
    return [option for option in attribute.options if option in chosen]


def _text(attribute: Attribute, given: object, *, field: str | None) -> str:
    said = "" if given is None else str(given).strip()
    if attribute.required and not said:
        raise _missing(attribute, field)
    if attribute.kind is Kind.RADIO:
        _all_offered(attribute, {said} - {""}, field=field)
    if len(said) > LONGEST_TEXT:
        raise Invalid(
            N_("%(name)s is too long. Use at most %(most)s characters."), field, name=attribute.name, most=LONGEST_TEXT
        )
    return said


def _all_offered(attribute: Attribute, chosen: set[str], *, field: str | None) -> None:
    foreign = sorted(chosen - set(attribute.options))
    if foreign:
        raise Invalid(
            N_("%(found)s is not one of the options for %(name)s. Choose from: %(options)s."),
            field,
            name=attribute.name,
            found=foreign[0][:80],
            options=", ".join(attribute.options),
        )


def _missing(attribute: Attribute, field: str | None) -> Invalid:
    return Invalid(N_("The host asks for %(name)s. Please fill it in."), field, name=attribute.name)
