"""Mistakes in quotations and between brackets of a configuration: what is open, missing or too much."""

import re

from app.bundles.yaml_failure import Diagnosis, Failure, blank_quoted, indent_of, said, with_line
from app.rules.errors import N_

_PAIRS = {"}": "{", "]": "["}


def unclosed_quote(seen: Failure) -> Diagnosis | None:
    """Explain a quotation that never ends, or that ended too late."""
    if "quoted scalar" in seen.context:
        return _open_quote(seen.started, seen.started_column, mended=_closed(seen))
    if "flow" in seen.context:
        places = range(seen.started, seen.line + 1)
    elif "expected <block end>" in seen.problem and _ends_quotation(seen):
        places = range(seen.line - 1, max(-1, seen.line - 200), -1)
    else:
        return None
    for place in places:
        bare = blank_quoted(seen.text(place))
        if bare.count('"') % 2:
            return _open_quote(place, bare.index('"'))
    return None


def _ends_quotation(seen: Failure) -> bool:
    """Tell whether a quotation of an earlier line ends right before the place."""
    ahead = seen.text()[: seen.column].rstrip()
    return ahead.endswith('"') and blank_quoted(ahead).count('"') % 2 == 1


def _closed(seen: Failure) -> list[str] | None:
    """Return the lines with the quotation closed where its line ends, if it is all there is behind a key."""
    text = seen.text(seen.started)
    ahead = text[: seen.started_column].rstrip()
    if not ahead.endswith(":") or re.search(r"[{\[]", blank_quoted(ahead)):
        return None
    return with_line(seen.lines, seen.started, f"{text.rstrip()}{text[seen.started_column]}")


def _open_quote(line: int, column: int, *, mended: list[str] | None = None) -> Diagnosis:
    return said(
        line,
        column,
        N_("The quotation that begins here is never closed on its line."),
        N_("Add the missing quote at the end of the text."),
        mended=mended,
    )


def apostrophe(seen: Failure) -> Diagnosis | None:
    """Explain an apostrophe that ends a text in single quotes too early."""
    entry = re.match(r"(.*?:\s+|\s*- )'([^'#]*'[^'#]*)'\s*$", seen.text())
    if "expected <block end>" not in seen.problem or entry is None or seen.column <= entry.start(2):
        return None
    text = entry.group(2)
    return said(
        seen.line,
        entry.start(2) + text.index("'"),
        N_("The apostrophe here ends the text in single quotes."),
        N_("Put double quotes around the text, or write the apostrophe twice."),
        mended=with_line(seen.lines, seen.line, f"{entry.group(1)}'{text.replace(chr(39), chr(39) * 2)}'"),
    )


def flow_map(seen: Failure) -> Diagnosis | None:
    """Explain what is wrong between { and } or [ and ]."""
    if "flow" not in seen.context:
        return None
    for explain in (_wrong_bracket, _unclosed_bracket, _dash_in_flow, _missing_comma, _extra_sign):
        diagnosis = explain(seen)
        if diagnosis:
            return diagnosis
    return None


def _wrong_bracket(seen: Failure) -> Diagnosis | None:
    """Explain a } that meets an open [, or a ] that meets an open {."""
    sign = seen.text()[seen.column : seen.column + 1]
    opened = _open_brackets(seen)
    if sign not in _PAIRS or not opened or opened[-1][0] == _PAIRS[sign]:
        return None
    bracket, line, column = opened[-1]
    return said(
        line,
        column,
        N_("The `%(bracket)s` that opens here is not closed before the `%(sign)s` of line %(line)s."),
        N_("Close it with `%(due)s`."),
        bracket=bracket,
        sign=sign,
        line=seen.line + 1,
        due="]" if bracket == "[" else "}",
    )


def _open_brackets(seen: Failure) -> list[tuple[str, int, int]]:
    """Return the brackets of the map or list in brackets around the place that are still open there."""
    opened: list[tuple[str, int, int]] = []
    for line in range(max(0, seen.line - 500), seen.line + 1):
        bare = blank_quoted(seen.text(line))
        for column, sign in enumerate(bare[: seen.column] if line == seen.line else bare):
            if sign in "{[" and (opened or _begins_value(bare[:column])):
                opened.append((sign, line, column))
            elif sign in _PAIRS and opened and opened[-1][0] == _PAIRS[sign]:
                opened.pop()
    return opened


def _begins_value(ahead: str) -> bool:
    return not ahead.strip() or ahead.rstrip().endswith((":", "-"))


def _dash_in_flow(seen: Failure) -> Diagnosis | None:
    if not seen.text().lstrip().startswith("- ") and "'-'" not in seen.problem:
        return None
    return said(
        seen.line,
        seen.column,
        N_("A list with dashes cannot stand inside { } or [ ]."),
        N_("Write it as [first, second]."),
    )


def _unclosed_bracket(seen: Failure) -> Diagnosis | None:
    opened = _open_brackets(seen)
    _, line, column = opened[-1] if opened else ("", seen.started, seen.started_column)
    ended = "stream end" in seen.problem or "document" in seen.problem
    outside = seen.line > line and indent_of(seen.text()) <= indent_of(seen.text(line))
    looks_like_block = re.match(r"\s*(- .*|[A-Za-z_]+:(\s.*)?)$", seen.text()) is not None
    if not ended and not (outside and looks_like_block):
        return None
    return said(
        line,
        column,
        N_("The bracket that opens here is not closed before line %(line)s."),
        N_("Add the missing } or ] where the map or list ends."),
        line=seen.line + 1,
    )


def _missing_comma(seen: Failure) -> Diagnosis | None:
    if "expected ',' or" not in seen.problem:
        return None
    column = _start_of_key(seen)
    ahead = blank_quoted(seen.text())[:column].rstrip()
    place: int | None = seen.line
    if not ahead:
        place = seen.before()
        ahead = blank_quoted(seen.text(place)).rstrip() if place is not None else ""
    if place is None or ahead[-1:] in {"", ",", "{", "["}:
        return None
    text = seen.text(place)
    return said(
        place,
        len(ahead),
        N_("A comma is missing here, before `%(found)s`."),
        N_("Put a comma between the entries of a map or list in brackets."),
        mended=with_line(seen.lines, place, f"{text[: len(ahead)]},{text[len(ahead) :]}"),
        found=seen.text()[column:].strip()[:40],
    )


def _start_of_key(seen: Failure) -> int:
    """Return the column of what the parser did not expect; where that is a colon, of the key before it."""
    key = re.search(r"(\"[^\"]*\"|'[^']*'|[\w-]+)\s*$", seen.text()[: seen.column])
    return key.start() if key and seen.text()[seen.column : seen.column + 1] == ":" else seen.column


def _extra_sign(seen: Failure) -> Diagnosis | None:
    if "expected the node content" not in seen.problem:
        return None
    return said(
        seen.line,
        seen.column,
        N_("Nothing stands between two signs here, before `%(found)s`."),
        N_("Remove the extra comma or colon, or write the value that is missing."),
        found=seen.text()[seen.column : seen.column + 1],
    )
