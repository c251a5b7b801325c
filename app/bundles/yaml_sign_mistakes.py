"""Signs that look right and are not: tabs, full-width signs, no-break spaces, typographic quotes."""

import re

from app.bundles.yaml_failure import Diagnosis, Failure, blank_quoted, said, with_line
from app.rules.errors import N_

_WIDE = dict(zip("：，、｛｝［］－＃", ":,,{}[]-#", strict=True))
_QUOTES = {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'")}
_SPACES = {"\u3000": " ", "\u00a0": " "}
_ALL = {**_WIDE, **_QUOTES, **_SPACES}
_TAB_MARGIN = re.compile(r"[ \t]*(- *\t)?")
# `key: x…`, x being neither a bracket nor a quote: what follows is text, where every sign may stand.
_TEXT_VALUE = re.compile(r"\s*(- +)?[^:{}\[\]]+:[ \t]+([^\s\[{\"'“„‘｛［\u3000\u00a0]|[“„‘].*[^“”„‟‘’‚‛]$)")


def tab(seen: Failure) -> Diagnosis | None:
    for place in dict.fromkeys([seen.line, seen.started, seen.before()]):
        if place is not None and "\t" in _tab_margin(seen.text(place)):
            return _tabs(seen, place)
    if "\\t" in seen.problem and not seen.text()[seen.column :].strip():
        return said(
            seen.line,
            len(seen.text().rstrip()),
            N_("There is a tab at the end of this line; YAML allows spaces only."),
            N_("Delete everything after the text, here and wherever your editor shows tabs."),
            mended=[text.rstrip(" \t") for text in seen.lines],
        )
    if "\\t" in seen.problem:
        return said(
            seen.line,
            seen.column,
            N_("There is a tab before the value; YAML allows spaces only."),
            N_("Replace the tab with one space."),
            mended=with_line(seen.lines, seen.line, seen.text().replace("\t", " ")),
        )
    return None


def _tab_margin(text: str) -> str:
    found = _TAB_MARGIN.match(text)
    return found.group() if found else ""


def _tabs(seen: Failure, place: int) -> Diagnosis:
    margin = _tab_margin(seen.text(place))
    count = sum("\t" in _tab_margin(line) and bool(line.strip()) for line in seen.lines)
    if count == 1:
        return said(
            place,
            margin.index("\t"),
            N_("The line is indented with a tab; YAML allows spaces only."),
            N_("Replace each tab with as many spaces as the lines around it have."),
            mended=with_line(seen.lines, place, _moved(seen, place, margin)),
        )
    return said(
        place,
        margin.index("\t"),
        N_("%(count)s lines, including this one, are indented with tabs; YAML allows spaces only."),
        N_("Replace each tab with as many spaces as the lines around it have."),
        mended=[_tab_margin(line).replace("\t", "  ") + line[len(_tab_margin(line)) :] for line in seen.lines],
        count=count,
    )


def _moved(seen: Failure, place: int, margin: str) -> str:
    """Return a line with its margin replaced by spaces, as many as its neighbours suggest."""
    dash = "- " if "-" in margin else ""
    return " " * seen.due_indent(place) + dash + seen.text(place)[len(margin) :]


def wide_sign(seen: Failure) -> Diagnosis | None:
    first = max(0, min(seen.started, seen.line - 1))
    for place in [seen.line, *range(seen.line - 1, first - 1, -1), seen.line + 1]:
        at = _misleading(seen, place)
        if at is not None:
            return _space(seen, place, at) if seen.text(place)[at] in _SPACES else _sign(seen, place, at)
    return None


def _misleading(seen: Failure, place: int) -> int | None:
    """Return where the first such sign stands that is part of the form, not of a text."""
    bare = blank_quoted(seen.text(place))
    value = None if "flow" in seen.context else _TEXT_VALUE.match(bare)
    for at, sign in enumerate(bare[: value.start(2)] if value else bare):
        within_text = sign == "\u3000" and bare[:at].strip() and not bare[:at].rstrip("\u3000").endswith(":")
        if sign in _ALL and not within_text:
            return at
    return None


def _space(seen: Failure, place: int, at: int) -> Diagnosis:
    text = seen.text(place)
    margin = text[: len(text) - len(text.lstrip())]
    return said(
        place,
        at,
        N_("There is a full-width space here; YAML accepts plain spaces only.")
        if text[at] == "\u3000"
        else N_("There is a no-break space here; YAML accepts plain spaces only."),
        N_("Delete it and type a space; it often comes from copying a web page or a document."),
        mended=with_line(
            seen.lines, place, _moved(seen, place, margin) if at < len(margin) else f"{text[:at]} {text[at + 1 :]}"
        ),
    )


def _sign(seen: Failure, place: int, at: int) -> Diagnosis:
    text = seen.text(place)
    sign, plain = text[at], _ALL[text[at]]
    spaced = f"{plain} " if plain in ":," else plain
    if sign in _QUOTES:
        message = N_("There is a typographic quote `%(sign)s` here; YAML accepts plain quotes only.")
        hint = N_("Write `%(plain)s` instead; word processors often replace it.")
    else:
        message = N_("There is a full-width `%(sign)s` here; YAML accepts the plain character only.")
        hint = N_("Write `%(plain)s` instead, typed without the Japanese or Chinese keyboard.")
    return said(
        place,
        at,
        message,
        hint,
        mended=with_line(seen.lines, place, text[:at] + spaced + text[at + 1 :]),
        sign=sign,
        plain=spaced,
    )
