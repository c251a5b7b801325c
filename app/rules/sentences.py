"""Sentences that are stored and shown later, perhaps in another language: a template and the values that fill it."""

from collections.abc import Callable
from typing import Any, TypedDict


class Sentence(TypedDict):
    """An English template marked with N_ and its values; plain data, so that a JSON column can hold it."""

    message: str
    values: dict[str, Any]


def sentence(message: str, /, **values: Any) -> Sentence:
    """Make a sentence out of a template and its values."""
    return {"message": message, "values": values}


def written(said: Sentence | str, translate: Callable[[str], str] = str) -> str:
    """Write a sentence out, translated before its values are filled in; plain text stays as it is.

    A value that is a sentence itself is written out first.
    """
    if isinstance(said, str):
        return said
    values = {key: written(value, translate) if _is_sentence(value) else value for key, value in said["values"].items()}
    text = translate(said["message"])
    return text % values if values else text


def _is_sentence(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"message", "values"}
