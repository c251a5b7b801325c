"""Mistakes within a line of a configuration: tabs, full-width signs, unquoted colons, text that runs on."""

import re

from app.bundles.yaml_failure import Diagnosis, Failure, blank_quoted, indent_of, inner_indent, said, with_line
from app.rules.errors import N_

_KEY = re.compile(r"^(?P<indent>\s*)(?P<dash>-\s+)?(?P<key>[^\s#'\"{}\[\]:][^:#{}\[\]]*?)\s*:(?P<value>\s+.*)?$")
_WIDE = {
    **dict(zip("：，、“”‘’｛｝［］－　＃", ":,,\"\"''{}[]- #", strict=True)),
    "\u00a0": " ",
}
_MEANINGFUL = ("scanning an alias", "scanning an anchor", "alias '", "scanning a directive", "a tag", "tag handle")
_LEFTOVER = re.compile(r"^(<<<<<<<|=======$|>>>>>>>|@@ |\+\+\+ |--- a/|diff --git)|^[+-]\t")


def leftover(seen: Failure) -> Diagnosis | None:
    for place in range(max(0, seen.started - 1), min(len(seen.lines), seen.line + 2)):
        if _LEFTOVER.match(seen.lines[place]):
            return said(
                place,
                0,
                N_("This line looks like a leftover of a merge or of a pasted difference between two versions."),
                N_("Remove it and keep one of the versions."),
            )
    return None


def tab(seen: Failure) -> Diagnosis | None:
    for place in dict.fromkeys([seen.line, seen.started, seen.before()]):
        if place is None:
            continue
        margin = re.match(r"[ \t]*(- *\t)?", seen.text(place))
        if margin and "\t" in margin.group():
            mended = margin.group().replace("\t", "  ") + seen.text(place)[margin.end() :]
            return said(
                place,
                margin.group().index("\t"),
                N_("The line is indented with a tab; YAML allows spaces only."),
                N_("Replace each tab by spaces, as many as the lines around it have."),
                mended=with_line(seen.lines, place, mended),
            )
    if "\\t" in seen.problem:
        return said(
            seen.line,
            seen.column,
            N_("There is a tab before the value; YAML allows spaces only."),
            N_("Replace the tab by one space."),
            mended=with_line(seen.lines, seen.line, seen.text().replace("\t", " ")),
        )
    return None


def wide_sign(seen: Failure) -> Diagnosis | None:
    first = max(0, min(seen.started, seen.line - 1))
    for place in [seen.line, *range(seen.line - 1, first - 1, -1), seen.line + 1]:
        text = seen.text(place)
        bare = blank_quoted(text)
        found = next((at for at, sign in enumerate(bare) if sign in _WIDE), None)
        if found is None or (bare[found] == "　" and bare[:found].strip()):
            continue
        sign = text[found]
        ascii_sign = _WIDE[sign]
        mended = text[:found] + ascii_sign + (" " if ascii_sign in ":," else "") + text[found + 1 :]
        return said(
            place,
            found,
            N_("There is a full-width `%(sign)s` here; YAML knows the plain sign only."),
            N_("Write `%(plain)s` instead, typed without the Japanese or Chinese keyboard."),
            mended=with_line(seen.lines, place, mended),
            sign=sign,
            plain=f"{ascii_sign} ".replace("  ", " ") if ascii_sign in ":," else ascii_sign,
        )
    return None


def unquoted_colon(seen: Failure) -> Diagnosis | None:
    if "mapping values are not allowed" not in seen.problem:
        return None
    text = seen.text()
    entry = _KEY.match(text)
    value = (entry.group("value") or "").strip() if entry else ""
    if not entry or not value or value[0] in "'\"{[|>&*" or seen.column <= entry.end("key"):
        return None
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    cure = f"{entry.group('key').strip()}: {quoted}"
    return said(
        seen.line,
        seen.column,
        N_("The text after `%(key)s:` holds a colon, which YAML takes for another key."),
        N_("Put quotes around the whole text: %(cure)s"),
        mended=with_line(seen.lines, seen.line, text[: entry.start("value")] + " " + quoted),
        key=entry.group("key").strip(),
        cure=cure if len(cure) <= 160 else f'{cure[:150]}…"',
    )


def deeper_than_value(seen: Failure) -> Diagnosis | None:
    if "mapping values are not allowed" not in seen.problem:
        return None
    above = seen.before()
    if above is None:
        return None
    indent, above_indent = indent_of(seen.text()), indent_of(seen.text(above))
    if indent > above_indent:
        return said(
            seen.line,
            indent,
            N_("The line is indented further than line %(above)s, although line %(above)s has its value already."),
            N_("Let both start in the same column, %(column)s."),
            mended=with_line(seen.lines, seen.line, " " * inner_indent(seen.text(above)) + seen.text().lstrip()),
            above=above + 1,
            column=inner_indent(seen.text(above)) + 1,
        )
    return said(
        above,
        above_indent,
        N_("Line %(line)s has no colon of its own and runs into the next line."),
        N_("Write `key: value`, or put the whole text on the line of its key, in quotes."),
        line=above + 1,
    )


def incomplete_key(seen: Failure) -> Diagnosis | None:
    """Explain a key that lacks its colon, or the space behind it."""
    if "could not find expected ':'" not in seen.problem:
        return None
    text = seen.text(seen.started)
    tight = re.match(r"\s*(- )?([A-Za-z_]+):(?=[^\s:/])", text)
    if tight:
        return said(
            seen.started,
            tight.end(),
            N_("A space is missing behind the colon of `%(key)s:`."),
            N_("Write `%(key)s: ` and then the value."),
            mended=with_line(seen.lines, seen.started, f"{text[: tight.end()]} {text[tight.end() :]}"),
            key=tight[2],
        )
    bare = re.match(r"\s*(- )?([a-z]+(?:_[a-z]+)+|title|image|name|codename|description)(?=\s)", text)
    if bare is None:
        return None
    return said(
        seen.started,
        bare.end(),
        N_("A colon is missing behind `%(key)s`."),
        N_("Write `%(key)s: ` and then the value."),
        mended=with_line(seen.lines, seen.started, f"{text[: bare.end()]}:{text[bare.end() :]}"),
        key=bare[2],
    )


def run_on_text(seen: Failure) -> Diagnosis | None:
    """Explain a line without a colon where a key should stand."""
    if "could not find expected ':'" not in seen.problem:
        return None
    text = seen.text(seen.started)
    first = text[seen.started_column : seen.started_column + 1]
    if first in {"'", '"'}:
        return said(
            seen.started,
            seen.started_column,
            N_("There is a stray quote here: a quotation begins that no other quote closes."),
            N_("Remove this quote, or add the missing one."),
            mended=with_line(seen.lines, seen.started, text[: seen.started_column] + text[seen.started_column + 1 :]),
        )
    above = seen.before(seen.started)
    return said(
        seen.started,
        seen.started_column,
        N_("Line %(line)s has no key: it seems to carry on the text of line %(above)s."),
        N_("Put the whole text on the line of its key, or write `key: >-` and indent all of its lines."),
        mended=with_line(seen.lines, seen.started, ""),
        line=seen.started + 1,
        above=(above if above is not None else seen.started) + 1,
    )


def special_start(seen: Failure) -> Diagnosis | None:
    """Explain a value that begins with a sign which means something in YAML."""
    sign = seen.text()[seen.column : seen.column + 1]
    if "cannot start any token" in seen.problem and sign in "@`%":
        place, column = seen.line, seen.column
    elif any(word in seen.context + seen.problem for word in _MEANINGFUL):
        place, column = seen.started, seen.started_column
    else:
        return None
    return said(
        place,
        column,
        N_("A value cannot begin with `%(sign)s`, which has a meaning of its own in YAML."),
        N_("Put quotes around the whole value."),
        sign=seen.text(place)[column : column + 1],
    )


def backslash(seen: Failure) -> Diagnosis | None:
    """Explain a backslash in double quotes."""
    if "escape" not in seen.problem:
        return None
    return said(
        seen.line,
        seen.column,
        N_("A backslash inside double quotes begins a code such as \\n, and this is none."),
        N_("Use single quotes around the text, or write the backslash twice."),
    )


def list_on_key_line(seen: Failure) -> Diagnosis | None:
    """Explain a list that begins on the line of its key."""
    if "sequence entries are not allowed" not in seen.problem:
        return None
    return said(
        seen.line,
        seen.column,
        N_("A list item cannot begin here, after other text of its line or below a finished value."),
        N_("Start each `- item` on a line of its own, below its key."),
    )
