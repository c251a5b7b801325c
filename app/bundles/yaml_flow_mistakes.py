"""Mistakes in quotations and between brackets of a configuration: what is open, missing or too much."""

import re
from collections.abc import Callable

from app.bundles.yaml_bracket_mistakes import brace_behind_key, unclosed_bracket, wrong_bracket
from app.bundles.yaml_failure import Diagnosis, Failure, blank_quoted, said, with_line
from app.rules.errors import N_


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
        N_("The quotation mark that opens here is not closed on the same line."),
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
    for explain in _IN_BRACKETS:
        diagnosis = explain(seen)
        if diagnosis:
            return diagnosis
    return None


def _question_mark(seen: Failure) -> Diagnosis | None:
    """Explain a question mark in a text without quotes, which ends the text there."""
    if seen.text()[seen.column : seen.column + 1] != "?":
        return None
    return said(
        seen.line,
        seen.column,
        N_("Between { } or [ ] a text without quotes cannot hold a question mark."),
        N_('Put quotes around the whole text, like "Which kind?".'),
        mended=_quoted_around(seen),
    )


def _quoted_around(seen: Failure) -> list[str] | None:
    """Return the lines with quotes around the plain text that the place lies in, where all of it is on that line."""
    text = seen.text()
    begin = max(end.end() for end in re.finditer(r"^|[{\[,]|:\s", text[: seen.column]))
    rest = re.search(r"[,\]}]|:(?=\s|$)|\s#|$", text[seen.column :])
    end = seen.column + (rest.start() if rest else 0)
    inner = text[begin:end].strip()
    if not text[:begin].strip() or re.search(r"[\"'\\]", inner) or not text[end:].strip():
        return None
    return with_line(seen.lines, seen.line, f'{text[:begin].rstrip()} "{inner}"{text[end:]}')


def _dash_in_flow(seen: Failure) -> Diagnosis | None:
    starts_so = seen.started < seen.line and seen.text().lstrip().startswith("- ")
    if not starts_so and "'-'" not in seen.problem:
        return None
    return said(
        seen.line,
        seen.column,
        N_("A list with dashes cannot be used inside { } or [ ]."),
        N_("Write it as [first, second]."),
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
        N_("A value is missing between two signs here, before `%(found)s`."),
        N_("Remove the extra comma or colon, or write the value that is missing."),
        found=seen.text()[seen.column : seen.column + 1],
    )


# In this order: what is certain first, what only fits the place last.
_IN_BRACKETS: list[Callable[[Failure], Diagnosis | None]] = [
    brace_behind_key,
    wrong_bracket,
    unclosed_bracket,
    _question_mark,
    _dash_in_flow,
    _missing_comma,
    _extra_sign,
]
