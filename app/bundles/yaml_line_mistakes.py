"""Mistakes within a line of a configuration: unquoted colons, text that runs on, keys without a colon."""

import re

from app.bundles.yaml_failure import Diagnosis, Failure, indent_of, inner_indent, said, with_line
from app.bundles.yaml_key_mistakes import incomplete
from app.rules.errors import N_

_KEY = re.compile(r"^(?P<indent>\s*)(?P<dash>-\s+)?(?P<key>[^\s#'\"{}\[\]:][^:#{}\[\]]*?)\s*:(?P<value>\s+.*)?$")
_MEANINGFUL = ("scanning an alias", "scanning an anchor", "alias '", "scanning a directive", "a tag", "tag handle")
_LANGUAGES = {
    "Python": re.compile(r"(import [A-Za-z_][\w.]*|from [\w.]+ import [\w*(].*|def \w+\(.*|class \w+.*:)\s*$"),
    "Git LFS": re.compile(r"version https://git-lfs\.github\.com/"),
    "HTML": re.compile(r"(?i)\s*<(!doctype|html|head|body|div|h1|p)\b"),
}
_LEFTOVER = re.compile(r"^(<<<<<<<|=======$|>>>>>>>|@@ |\+\+\+ |--- a/|diff --git)|^[+-]\t")


def leftover(seen: Failure) -> Diagnosis | None:
    for place in range(_first_marker(seen), min(len(seen.lines), seen.line + 2)):
        if _LEFTOVER.match(seen.lines[place]):
            return said(
                place,
                0,
                N_("This line looks like a leftover of a merge or of a pasted difference between two versions."),
                N_("Remove it and keep one of the versions."),
            )
    return None


def _first_marker(seen: Failure) -> int:
    """Return where a merge left its first mark, which the parser may have passed over; else where it stopped."""
    opened = next((at for at in range(seen.line) if seen.lines[at].startswith("<<<<<<<")), None)
    return max(0, seen.started - 1) if opened is None else opened


def other_language(seen: Failure) -> Diagnosis | None:
    """Recognise a file that is no configuration at all but was packed under its name."""
    return exchanged_file(seen.lines)


def exchanged_file(lines: list[str]) -> Diagnosis | None:
    """Recognise Python, HTML and the like by one of the first lines."""
    for place, text in enumerate(lines[:100]):
        kind = next((kind for kind, form in _LANGUAGES.items() if form.match(text)), None)
        if kind:
            return said(
                place,
                0,
                N_("This is %(kind)s, not the configuration of a challenge."),
                N_("Put the configuration in its place; perhaps two files were swapped."),
                kind=kind,
            )
    return None


def code_fence(seen: Failure) -> Diagnosis | None:
    """Explain the marks of a code block, which come along when a text is copied from a chat or a manual."""
    fences = [at for at, text in enumerate(seen.lines) if text.lstrip().startswith("```")]
    if not fences or fences[0] > seen.line:
        return None
    return said(
        fences[0],
        0,
        N_("This line marks a code block; it is often copied along from a page or a chat."),
        N_("Remove it, and the one at the end."),
        mended=["" if at in fences else text for at, text in enumerate(seen.lines)],
    )


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
        N_("The text after `%(key)s:` contains a colon, which YAML reads as another key."),
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
            N_("The line is indented further than line %(above)s, although line %(above)s already has its value."),
            N_("Start both in the same column, %(column)s."),
            mended=with_line(seen.lines, seen.line, " " * inner_indent(seen.text(above)) + seen.text().lstrip()),
            above=above + 1,
            column=inner_indent(seen.text(above)) + 1,
        )
    return incomplete(seen, above) or said(
        above,
        above_indent,
        N_("Line %(line)s has no colon, so it runs into the next line."),
        N_("Write `key: value`, or put the whole text on the line of its key, in quotes."),
        line=above + 1,
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
            N_("There is a stray quote here: no other quote closes it."),
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
        N_("A backslash inside double quotes begins a code such as \\n, and this is not one."),
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
