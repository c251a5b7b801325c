"""Mistakes within a line of a configuration: unquoted colons, text that runs on, keys without a colon."""

import re

from app.bundles.yaml_failure import Diagnosis, Failure, indent_of, inner_indent, said, with_line
from app.rules.errors import N_

_KEY = re.compile(r"^(?P<indent>\s*)(?P<dash>-\s+)?(?P<key>[^\s#'\"{}\[\]:][^:#{}\[\]]*?)\s*:(?P<value>\s+.*)?$")
_PLAIN_KEYS = (
    "title|image|name|codename|description|published|tags|domain|prizes|sponsors|leaderboard|schema|labels|metadata"
    "|visibility|type|options|required|id"
)
_MEANINGFUL = ("scanning an alias", "scanning an anchor", "alias '", "scanning a directive", "a tag", "tag handle")
_LANGUAGES = {
    "Python": re.compile(r"(import [A-Za-z_][\w.]*|from [\w.]+ import [\w*(].*|def \w+\(.*|class \w+.*:)\s*$"),
    "HTML": re.compile(r"(?i)\s*<(!doctype|html|head|body|div|h1|p)\b"),
}
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


def other_language(seen: Failure) -> Diagnosis | None:
    """Recognise a file that is no configuration at all but was packed under its name."""
    for place, text in enumerate(seen.lines[:100]):
        kind = next((kind for kind, form in _LANGUAGES.items() if form.match(text)), None)
        if kind:
            return said(
                place,
                0,
                N_("This is %(kind)s, not the configuration of a challenge."),
                N_("Put the configuration in its place; perhaps two files were exchanged."),
                kind=kind,
            )
    return None


def tight_dash(seen: Failure) -> Diagnosis | None:
    """Explain a dash that touches its first key, which makes it part of the key."""
    if "mapping values are not allowed" not in seen.problem:
        return None
    above = seen.before()
    for place in (seen.line, above):
        text = seen.text(place)
        if place is not None and re.match(r" *-[A-Za-z_]+:(\s|$)", text):
            column = indent_of(text) + 1
            return said(
                place,
                column,
                N_("A space is missing behind the dash: this is read as one key."),
                N_("Write `- ` before the first key of the item."),
                mended=with_line(seen.lines, place, f"{text[:column]} {text[column:]}"),
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
    bare = re.match(rf"\s*(- )?([a-z]+(?:_[a-z]+)+|{_PLAIN_KEYS})(?=\s|=)( *=)?", text)
    if bare is None:
        return None
    if bare[3]:
        return said(
            seen.started,
            bare.end() - 1,
            N_("There is a `=` behind `%(key)s`; YAML wants a colon."),
            N_("Write `%(key)s: ` and then the value."),
            mended=with_line(seen.lines, seen.started, f"{text[: bare.end(2)]}: {text[bare.end() :].lstrip()}"),
            key=bare[2],
        )
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
