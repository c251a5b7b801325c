"""Turn what evaluate() returned into values that JSON has, or say which part of it cannot be."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evaluation_runtime.protocol import ATTACHMENT_LIMIT, TEXT_LIMIT

_DEPTH = 12
_PARTS = 20_000
_MAPPED = ("result", "error")
_ATTACHED = ("submission_result", "submission_metadata")


class UnusableError(Exception):
    """A part of the result is of a type, depth or number that no result can have."""

    def __init__(self, where: str, problem: str) -> None:
        self.where, self.problem = where, problem
        super().__init__(f"{where}: {problem}")


def returned(value: object) -> dict[str, Any]:
    """Describe the return value of evaluate(): the plain parts, attachments as JSON text, other keys by name.

    Raises UnusableError.
    """
    if not isinstance(value, dict):
        raise UnusableError("evaluate()", f"returned {described(value)}, not a dict")
    budget = [_PARTS]
    parts = {key: _plain(value[key], where=key, depth=0, budget=budget) for key in _MAPPED if key in value}
    notes: list[str] = []
    attached = {key: _attachment(value.get(key), key=key, notes=notes) for key in _ATTACHED}
    others = [str(key)[:100] for key in value if key not in (*_MAPPED, *_ATTACHED)][:20]
    return {"value": parts, **attached, "others": others, "notes": notes}


def described(value: object) -> str:
    """Name a value by its Python type, with the text of an exception."""
    if value is None:
        return "None"
    name = type(value).__qualname__
    if type(value).__module__ not in ("builtins", "__main__"):
        name = f"{type(value).__module__}.{name}"
    if isinstance(value, BaseException):
        return f"an exception object ({name}: {str(value)[:500]})"
    return f"a value of type {name}"


def _plain(value: Any, *, where: str, depth: int, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        raise UnusableError(where, f"the result has more than {_PARTS:,} parts")
    if depth > _DEPTH:
        raise UnusableError(where, f"the result is nested more than {_DEPTH} levels deep")
    if value is None or isinstance(value, bool | str | int | float):
        return _leaf(value, where=where)
    if isinstance(value, dict):
        return {
            _key(key, where=where): _plain(part, where=f"{where}.{key!s:.100}", depth=depth + 1, budget=budget)
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            _plain(part, where=f"{where}[{index}]", depth=depth + 1, budget=budget) for index, part in enumerate(value)
        ]
    return _number(value, where=where)


def _leaf(value: bool | str | float | None, *, where: str) -> bool | str | int | float | None:  # noqa: FBT001 - a leaf
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        raise UnusableError(where, f"a text of {len(value):,} characters; {TEXT_LIMIT:,} are allowed")
    if isinstance(value, int) and value.bit_length() > 1024:
        raise UnusableError(where, "an integer that is too large for a score")
    # Subclasses (numpy.float64, enumerations) as what they are, not as what they print.
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str.__str__(value)
    return value


def _key(key: object, *, where: str) -> str:
    if isinstance(key, str):
        return str.__str__(key)[:TEXT_LIMIT]
    if isinstance(key, int) and not isinstance(key, bool):
        return str(int(key))
    raise UnusableError(where, f"a name is {described(key)}; names have to be text")


def _number(value: Any, *, where: str) -> Any:
    if isinstance(value, Decimal | Fraction):
        return float(value)
    # numpy scalars, 0-d arrays and 0-d tensors; an array of one element is a mistake more often than a score.
    if getattr(value, "shape", None) == () and callable(getattr(value, "item", None)):
        item = value.item()
        if isinstance(item, bool | int | float | str):
            return _leaf(item, where=where)
    raise UnusableError(where, f"{described(value)} is not a number")


def _attachment(value: object, *, key: str, notes: list[str]) -> str | None:
    if value is None:
        return None
    try:
        text = json.dumps(value, default=_readable, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as problem:
        notes.append(f"{key} was left out because it cannot be written as JSON ({str(problem)[:200]}).")
        return None
    if len(text.encode(errors="replace")) > ATTACHMENT_LIMIT:
        notes.append(f"{key} was left out because it is larger than {ATTACHMENT_LIMIT // 1024} KiB.")
        return None
    return text


def _readable(value: Any) -> Any:
    if callable(getattr(value, "tolist", None)):
        return value.tolist()
    return str(value)
