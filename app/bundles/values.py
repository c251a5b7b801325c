"""How single values of a configuration are read: parsed by their type, never taken for true or false by chance."""

import re
from typing import Any, TypeVar

from app.bundles.fields import REFUSED, Parse, Reading
from app.bundles.quotation import unquoted
from app.bundles.yaml_document import NodePath
from app.rules.bounds import LARGEST
from app.rules.errors import N_
from app.rules.names import misleading_sign
from app.rules.zones import is_zone

Number = TypeVar("Number", bool, int)
_YES = frozenset({"true", "yes", "on", "y"})
_NO = frozenset({"false", "no", "off", "n"})


def text(longest: int, *, lines: bool = False, shown: bool = True) -> Parse:
    """Return the reader of a text of at most so many characters; `lines` allows line breaks."""

    def parse(reading: Reading, path: NodePath, value: Any) -> Any:
        if isinstance(value, list | dict):
            return _wrong(reading, path, "a text", value)
        found = value if isinstance(value, str) else reading.raw(path)
        found = unquoted(reading, path, found.strip())
        if not isinstance(value, str) and shown:
            reading.note(path, N_("`%(found)s` is read as a text."), found=found[:80])
        return _clean(reading, path, found, longest, lines=lines)

    return parse


def _clean(reading: Reading, path: NodePath, found: str, longest: int, *, lines: bool) -> Any:
    if len(found) > longest:
        reading.error(
            path,
            N_("`%(key)s` is %(length)s characters long; at most %(longest)s are kept."),
            N_("Write a shorter text."),
            key=path[-1],
            length=len(found),
            longest=longest,
        )
        return REFUSED
    hidden = misleading_sign(re.sub(r"[\n\r\t\x85]", " ", found) if lines else found)
    return _hidden(reading, path, hidden) if hidden else found


def name(longest: int) -> Parse:
    """Return the reader of a text that must not be empty."""
    inner = text(longest)

    def parse(reading: Reading, path: NodePath, value: Any) -> Any:
        found = inner(reading, path, value)
        if found == "":
            reading.error(path, N_("`%(key)s` is empty."), N_("Write at least one letter or digit."), key=path[-1])
            return REFUSED
        return found

    return parse


def codename(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read a codename: what `evaluate` is told, and what a result is keyed by."""
    found = name(100)(reading, path, value)
    if found is not REFUSED and (re.search(r"[/\\<>]", found) or set(found) == {"."}):
        reading.error(
            path,
            N_("The codename `%(found)s` contains a character that cannot be used in an address."),
            N_("Use letters, digits, `-`, `_` and spaces, such as `test-phase`."),
            found=found[:80],
        )
        return REFUSED
    return found


def integer(lowest: int = 0, highest: int = LARGEST) -> Parse:
    """Return the reader of a whole number between two bounds."""

    def parse(reading: Reading, path: NodePath, value: Any) -> Any:
        number = _whole(reading, path, value)
        if number is None:
            return _wrong(reading, path, "a whole number", value)
        if not lowest <= number <= highest:
            reading.error(
                path,
                N_("`%(key)s` is %(found)s; it must be between %(lowest)s and %(highest)s."),
                N_("Write a number in that range."),
                key=path[-1],
                found=number,
                lowest=lowest,
                highest=highest,
            )
            return REFUSED
        return number

    return parse


def _whole(reading: Reading, path: NodePath, value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        return _taken_as(reading, path, int(value))
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,12}", value.strip()):
        return _taken_as(reading, path, int(value))
    return None


def _taken_as(reading: Reading, path: NodePath, value: Number) -> Number:
    reading.note(
        path,
        N_("`%(found)s` is read as %(value)s."),
        N_("Write %(value)s without quotes."),
        found=reading.raw(path)[:80],
        value=value,
    )
    return value


def boolean(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read True or False; words and 0/1 that mean one of them are taken and said back."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _YES | _NO:
        return _taken_as(reading, path, value.strip().lower() in _YES)
    if isinstance(value, int) and value in {0, 1}:
        return _taken_as(reading, path, bool(value))
    return _wrong(reading, path, "True or False", value)


def choice(*allowed: Any) -> Parse:
    """Return the reader of a value out of a closed list; numbers may stand in quotes."""

    def parse(reading: Reading, path: NodePath, value: Any) -> Any:
        found = value.strip() if isinstance(value, str) else value
        for option in allowed:
            if not isinstance(found, bool) and (found == option or str(found).lower() == str(option).lower()):
                return option
        reading.error(
            path,
            N_("`%(key)s` is `%(found)s`, which is not one of: %(allowed)s."),
            N_("Write one of them."),
            key=path[-1],
            found=reading.raw(path)[:80] or _kind(value),
            allowed=", ".join(str(option) for option in allowed),
        )
        return REFUSED

    return parse


def zone(reading: Reading, path: NodePath, value: Any) -> str:
    """Read the name of a time zone; one that does not exist is left out, as EvalAI knows no such key."""
    found = value.strip() if isinstance(value, str) else reading.raw(path)
    if is_zone(found):
        return found
    reading.warn(
        path,
        N_("`%(key)s` is `%(found)s`, which is not a time zone; the server's is used."),
        N_("Write a name such as Asia/Tokyo or Europe/Berlin."),
        key=path[-1],
        found=found[:80],
    )
    return ""


def words(longest: int = 200) -> Parse:
    """Return the reader of a list of texts; one text, or several with commas between, is taken as well."""
    each = text(longest, shown=False)

    def parse(reading: Reading, path: NodePath, value: Any) -> Any:
        if isinstance(value, dict):
            return _wrong(reading, path, "a list", value)
        if not isinstance(value, list):
            found = each(reading, path, value) if len(str(value)) <= longest else str(value)
            return (
                REFUSED
                if found is REFUSED
                else tuple(filter(None, (item.strip() for item in re.split(r"[,;\n]", found))))
            )
        parsed = [each(reading, (*path, place), item) for place, item in enumerate(value) if item is not None]
        return REFUSED if REFUSED in parsed else tuple(item for item in parsed if item)

    return parse


def labels(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read the metrics of a leaderboard: one to fifty names, each once."""
    if not isinstance(value, list) or not value:
        reading.error(
            path,
            N_("`labels` lists no metric."),
            N_('Write the metrics that `evaluate` returns, such as `"labels": ["Accuracy", "F1"]`.'),
        )
        return REFUSED
    if len(value) > 50:
        reading.error(path, N_("The leaderboard has %(count)s metrics; at most 50 are shown."), count=len(value))
        return REFUSED
    each = name(200)
    found = [each(reading, (*path, place), item) for place, item in enumerate(value)]
    for place, label in enumerate(found):
        if label is not REFUSED and label in found[:place]:
            reading.error(
                (*path, place),
                N_("The metric `%(label)s` is listed twice."),
                N_("Remove one of the two, or give it another name."),
                label=label,
            )
    return REFUSED if REFUSED in found else tuple(found)


def extensions(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read file types as a list or a text with commas, to lower case with a dot in front."""
    found = words(2_000)(reading, path, value)
    if found is REFUSED:
        return REFUSED
    parts = [part for item in found for part in re.split(r"[\s,;|、，]+", item)]
    kinds = [unquoted(reading, path, part).strip("*").lstrip(".").lower() for part in parts]
    for kind in kinds:
        if not re.fullmatch(r"[\w.+-]*", kind):
            # curly quotes and the like: imported in silence, nobody could ever submit
            reading.warn(path, _NOT_HERE, _EXPECTED["a list"], key=path[-1], found=kind[:80])
    return tuple(dict.fromkeys(f".{kind}" for kind in kinds if kind))


def mapping(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read a map whose keys are read elsewhere."""
    return value if isinstance(value, dict) else _wrong(reading, path, "a map with keys of its own", value)


def optional_mapping(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read a map that only explains; anything else is passed over, as EvalAI does."""
    if isinstance(value, dict) or value is REFUSED:
        return value
    reading.warn(
        path,
        N_("`%(key)s` is not a map and is ignored."),
        N_("Write keys of its own below it, each as `key: value` and further indented."),
        key=path[-1],
    )
    return None


def anything(_reading: Reading, _path: NodePath, value: Any) -> Any:
    """Take a value as it is."""
    return value


def _wrong(reading: Reading, path: NodePath, expected: str, value: Any) -> Any:
    message = _HOLDS_KEYS if isinstance(value, dict) else _HOLDS_ITEMS if isinstance(value, list) else _NOT_HERE
    found = reading.raw(path)
    hidden = misleading_sign(re.sub(r"\s", " ", found))
    if hidden:
        return _hidden(reading, path, hidden)
    reading.error(path, message, _EXPECTED[expected], key=path[-1], found=found[:80] or "…")
    return REFUSED


def _hidden(reading: Reading, path: NodePath, sign: str) -> Any:
    reading.error(
        path,
        N_("`%(key)s` contains the hidden character %(sign)s."),
        N_("Type the text again without it."),
        key=path[-1],
        sign=sign,
    )
    return REFUSED


def _kind(value: Any) -> str:
    return "[…]" if isinstance(value, list) else "{…}" if isinstance(value, dict) else ""


_HOLDS_KEYS = N_("`%(key)s` has keys of its own, because the lines below it are indented further.")
_HOLDS_ITEMS = N_("`%(key)s` is a list, which does not belong here.")
_NOT_HERE = N_("`%(key)s` is `%(found)s`, which does not belong here.")
# One sentence each, because a translator cannot build sentences out of parts.
_EXPECTED = {
    "a text": N_("Write a text; put quotes around it when it holds a colon or brackets."),
    "a whole number": N_("Write a whole number without quotes, such as 5."),
    "True or False": N_("Write True or False without quotes."),
    "a list": N_("Write a list, such as [first, second]."),
    "a map with keys of its own": N_("Write keys of its own below it, each as `key: value` and further indented."),
}
