"""Brackets of a configuration that do not pair: one is open still, or the one that should open is missing."""

import re

from app.bundles.yaml_failure import Diagnosis, Failure, blank_quoted, indent_of, said, with_line
from app.rules.errors import N_

_PAIRS = {"}": "{", "]": "["}


def unopened_brace(seen: Failure) -> Diagnosis | None:
    """Explain `schema: "labels": […]}`: the brace that would open the map is missing."""
    text = seen.text()
    entry = re.match(r"\s*(- )?[A-Za-z_]+:\s+(?=\"[^\"]*\"\s*:|'[^']*'\s*:)", text)
    if "mapping values are not allowed" not in seen.problem or entry is None:
        return None
    bare = blank_quoted(text)
    closed = bare.count("}") > bare.count("{")
    return _missing_brace(seen, seen.line, entry.end(), closed=closed)


def unopened_map(seen: Failure) -> Diagnosis | None:
    """Explain lines with commas and quoted keys below a key, whose opening brace is missing."""
    quoted = re.compile(r"\s*(\"[^\"]*\"|'[^']*')\s*:")
    if "expected <block end>" not in seen.problem or seen.text()[seen.column : seen.column + 1] != ",":
        return None
    first = seen.line
    while (above := seen.before(first)) is not None and indent_of(seen.text(above)) >= indent_of(seen.text()):
        first = above
    if above is None or not seen.text(above).rstrip().endswith(":") or not quoted.match(seen.text(first)):
        return None
    return _missing_brace(seen, first, indent_of(seen.text(first)), closed=True)


def _missing_brace(seen: Failure, line: int, column: int, *, closed: bool) -> Diagnosis:
    text = seen.text(line)
    return said(
        line,
        column,
        N_("A `{` is missing here, before `%(found)s`."),
        N_("Open the map with `{` after its colon, and close it with `}` at its end."),
        mended=with_line(seen.lines, line, f"{text[:column]}{{{text[column:]}") if closed else None,
        found=(text[column:].strip() or seen.text(line + 1).strip())[:40],
    )


def brace_behind_key(seen: Failure) -> Diagnosis | None:
    """Explain a key in braces whose own map lacks the brace that opens it: a second key follows at once."""
    above = seen.before()
    if "expected ',' or" not in seen.problem or above is None or blank_quoted(seen.text())[: seen.column].strip(" _"):
        return None
    ahead = blank_quoted(seen.text(above)).rstrip()
    if not ahead.endswith(":"):
        return None
    return _missing_brace(seen, above, len(ahead), closed=True)


def wrong_bracket(seen: Failure) -> Diagnosis | None:
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


def unclosed_bracket(seen: Failure) -> Diagnosis | None:
    opened = _open_brackets(seen)
    _, line, column = opened[-1] if opened else ("", seen.started, seen.started_column)
    passed = _passed_bracket(seen, opened[0][1] if opened else seen.started)
    ended = "stream end" in seen.problem or "document" in seen.problem
    outside = seen.line > line and indent_of(seen.text()) <= indent_of(seen.text(line))
    looks_like_block = re.match(r"\s*(- .*|[A-Za-z_]+:(\s.*)?)$", seen.text()) is not None
    if not ended and not (outside and looks_like_block):
        return None
    if passed is not None:
        return passed
    return said(
        line,
        column,
        N_("The bracket that opens here is not closed before line %(line)s."),
        N_("Add the missing } or ] where the map or list ends."),
        line=seen.line + 1,
    )


def _passed_bracket(seen: Failure, first: int) -> Diagnosis | None:
    """Find, by the columns of the lines, the bracket that a closing one further left shows to be open still."""
    opened: list[tuple[str, int, int]] = []
    for line in range(first, seen.line):
        bare = blank_quoted(seen.text(line))
        for column, sign in enumerate(bare):
            if sign in "{[":
                opened.append((sign, line, column))
            elif sign in _PAIRS and opened:
                bracket, begun, _ = opened.pop()
                if begun < line and not bare[:column].strip() and indent_of(bare) < indent_of(seen.text(begun)):
                    end = next((at for at in range(begun + 1, line) if _is_outside(seen, begun, at)), line)
                    return _unclosed_before(seen, bracket, begun, end)
    bracket, begun, _ = opened[-1] if len(opened) == 1 else ("", 0, 0)
    end = next((at for at in range(begun + 1, seen.line + 1) if _is_outside(seen, begun, at)), seen.line)
    return _unclosed_before(seen, bracket, begun, end) if bracket and seen.before(end) != begun else None


def _is_outside(seen: Failure, begun: int, line: int) -> bool:
    """Tell whether a line begins as far left as the one with the bracket, with something else than its end."""
    text = seen.text(line)
    return bool(text.strip()) and text.lstrip()[0] not in _PAIRS and indent_of(text) <= indent_of(seen.text(begun))


def _unclosed_before(seen: Failure, bracket: str, begun: int, line: int) -> Diagnosis:
    """Point at the last line that can belong to the bracket: below it stands what closes another."""
    last = seen.before(line)
    place = begun if last is None else last
    due = "]" if bracket == "[" else "}"
    return said(
        place,
        len(seen.text(place).rstrip()),
        N_("A `%(due)s` is missing after this line: the `%(bracket)s` of line %(begun)s is still open."),
        N_("Add the missing `%(due)s` where the map or list ends."),
        bracket=bracket,
        begun=begun + 1,
        due=due,
    )
