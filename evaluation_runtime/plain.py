"""Turn what evaluate() returned into values that JSON has, or say which part of it cannot be."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evaluation_runtime.protocol import ATTACHMENT_LIMIT, TEXT_LIMIT, Unusable

_DEPTH = 12
_PARTS = 20_000
_MAPPED = ("result", "error")
_ATTACHED = ("submission_result", "submission_metadata")
# Where scripts that fail without raising leave their reason.
_SAID = ("error", "errors", "stderr", "message", "msg", "detail", "exception", "status")
_SAID_LIMIT = 2_000
# Characters: each may take four bytes, or six as an escape.
_PART_OF_ATTACHMENT = ATTACHMENT_LIMIT // 8


class UnusableError(Exception):
    """A part of the result is of a type, depth or number that no result can have; `said` names place and kind."""

    def __init__(self, code: Unusable, **values: object) -> None:
        self.said = {"code": code, **values}
        super().__init__(str(self.said))


def returned(value: object) -> dict[str, Any]:
    """Describe the return value of evaluate(): the plain parts, attachments as JSON text, other keys by name.

    Raises UnusableError.
    """
    if not isinstance(value, dict):
        raise UnusableError(Unusable.NO_DICT, value=described(value))
    budget = [_PARTS]
    parts = {key: _part(value[key], key=key, budget=budget) for key in _MAPPED if key in value}
    notes: list[dict[str, object]] = []
    attached = {key: _attachment(value.get(key), key=key, notes=notes) for key in _ATTACHED}
    others = [str(key)[:100] for key in value if key not in (*_MAPPED, *_ATTACHED)][:20]
    said = {key: _text(value[key])[:_SAID_LIMIT] for key in _SAID if isinstance(value.get(key), str | BaseException)}
    return {"value": parts, **attached, "others": others, "notes": notes, "said": said}


def _part(value: object, *, key: str, budget: list[int]) -> Any:
    try:
        return _plain(value, where=key, depth=0, budget=budget)
    except UnusableError:
        if key == "result":
            raise
        # Error bars, or an exception where they should be: not worth losing a score.
        return described(value)


def described(value: object) -> str:
    """Name a value by its Python type, with the text of an exception."""
    if value is None:
        return "None"
    name = type(value).__qualname__
    if type(value).__module__ not in ("builtins", "__main__"):
        name = f"{type(value).__module__}.{name}"
    if isinstance(value, BaseException):
        return f"an exception object ({name}: {_text(value)[:500]})"
    return f"a value of type {name}"


def _plain(value: Any, *, where: str, depth: int, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        raise UnusableError(Unusable.PARTS, where=where, most=_PARTS)
    if depth > _DEPTH:
        raise UnusableError(Unusable.DEPTH, where=where, most=_DEPTH)
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
        raise UnusableError(Unusable.TEXT, where=where, length=len(value), most=TEXT_LIMIT)
    if isinstance(value, int) and value.bit_length() > 1024:
        raise UnusableError(Unusable.INTEGER, where=where)
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
    raise UnusableError(Unusable.NAME, where=where, value=described(key))


def _number(value: Any, *, where: str) -> Any:
    if isinstance(value, Decimal | Fraction):
        try:
            return float(value)
        except (ValueError, OverflowError):
            raise UnusableError(Unusable.NO_NUMBER, where=where, value=described(value)) from None
    # numpy and pandas scalars; arrays, series and tensors that hold one value.
    if getattr(value, "size", None) == 1 or _count(value) == 1 or getattr(value, "shape", None) == ():
        item = _item(value)
        if isinstance(item, bool | int | float | str):
            return _leaf(item, where=where)
    raise UnusableError(Unusable.NO_NUMBER, where=where, value=described(value))


def _count(value: Any) -> object:
    """Return how many numbers a tensor holds; its `size` is a method."""
    count = getattr(value, "numel", None)
    return count() if callable(count) else None


def _item(value: Any) -> object:
    item = getattr(value, "item", None)
    try:
        return item() if callable(item) else None
    except (TypeError, ValueError, RuntimeError):
        return None


def _attachment(value: object, *, key: str, notes: list[dict[str, object]]) -> str | None:
    """Write a value of any kind as JSON: what JSON has no form for as its text, what is too large in part."""
    if value is None:
        return None
    try:
        text = json.dumps(value, default=_readable, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as problem:
        notes.append({"code": Unusable.NO_JSON, "where": key, "value": str(problem)[:200]})
        text = json.dumps(_text(value)[:_PART_OF_ATTACHMENT], ensure_ascii=False)
    if len(text.encode(errors="replace")) > ATTACHMENT_LIMIT:
        notes.append({"code": Unusable.LARGE, "where": key, "most": ATTACHMENT_LIMIT // 1024})
        text = json.dumps(f"{text[:_PART_OF_ATTACHMENT]}…", ensure_ascii=False)
    return text


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception as problem:  # noqa: BLE001 - a value's own __str__ may raise anything
        return f"{type(value).__qualname__} (its text cannot be shown: {type(problem).__name__})"


def _readable(value: Any) -> Any:
    if callable(getattr(value, "tolist", None)):
        return value.tolist()
    return _text(value)
