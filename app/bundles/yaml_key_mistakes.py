"""Keys that are not whole: a colon, a space or a dash is missing, or another sign stands in its place."""

import re

from app.bundles.yaml_failure import Diagnosis, Failure, indent_of, said, with_line
from app.rules.errors import N_

# Words that also begin sentences are not among them: of the others, an underscore tells.
_PLAIN_KEYS = (
    "title|image|name|codename|description|published|tags|domain|prizes|sponsors|leaderboard|schema|labels|metadata"
    "|visibility|type|options|required|id|challenge|slug|category|rank|amount|website|timezone"
)
_TIGHT_DASH = re.compile(r" *-[A-Za-z_]+:(\s|$)")
_TIGHT_COLON = re.compile(r"\s*(?:- )?([A-Za-z_]+):(?=[^\s:/])")
_EQUALS = re.compile(r"\s*(?:- )?([A-Za-z_]+) *=(?!=)")
_BRACKET = re.compile(r"\s*(?:- )?[A-Za-z_]+ *[:=]? *[{\[]")
_NO_COLON = re.compile(rf"\s*(?:- )?([a-z]+(?:_[a-z]+)+|{_PLAIN_KEYS})(?=\s)(?! *:)")


def tight_dash(seen: Failure) -> Diagnosis | None:
    """Explain a dash that touches its first key, which makes it part of the key."""
    if "mapping values are not allowed" in seen.problem:
        places = (seen.line, seen.before())
    elif "expected <block end>" in seen.problem:
        places = (seen.line, None)
    else:
        return None
    place = next((at for at in places if at is not None and _TIGHT_DASH.match(seen.text(at))), None)
    if place is None:
        return None
    text = seen.text(place)
    column = indent_of(text) + 1
    return said(
        place,
        column,
        N_("A space is missing after the dash: this is read as one key."),
        N_("Write `- ` before the first key of the item."),
        mended=with_line(seen.lines, place, f"{text[:column]} {text[column:]}"),
    )


def incomplete_key(seen: Failure) -> Diagnosis | None:
    """Explain a key that lacks its colon, or the space behind it."""
    return incomplete(seen, seen.started) if "could not find expected ':'" in seen.problem else None


def incomplete_first_key(seen: Failure) -> Diagnosis | None:
    """Explain the same of the key beside a dash: the lines below it were taken for the rest of its text."""
    above = seen.before()
    is_below_a_dash = above is not None and seen.text(above).lstrip().startswith("- ")
    if above is None or not is_below_a_dash or "mapping values are not allowed" not in seen.problem:
        return None
    return incomplete(seen, above)


def incomplete_before_bracket(seen: Failure) -> Diagnosis | None:
    """Explain the same of a key before a map or list in brackets, which is then taken for a text that has ended."""
    is_about_end = "expected <block end>" in seen.problem and _BRACKET.match(seen.text())
    return incomplete(seen, seen.line) if is_about_end else None


def incomplete(seen: Failure, place: int) -> Diagnosis | None:
    """Explain what the key of this line lacks; None where it lacks nothing."""
    text = seen.text(place)
    tight = _TIGHT_COLON.match(text)
    if tight:
        return said(
            place,
            tight.end(),
            N_("A space is missing after the colon of `%(key)s:`."),
            N_("Write `%(key)s: ` and then the value."),
            mended=with_line(seen.lines, place, f"{text[: tight.end()]} {text[tight.end() :]}"),
            key=tight[1],
        )
    equals = _EQUALS.match(text)
    if equals:
        return said(
            place,
            equals.end() - 1,
            N_("There is a `=` after `%(key)s`; YAML needs a colon."),
            N_("Write `%(key)s: ` and then the value."),
            mended=with_line(seen.lines, place, f"{text[: equals.end(1)]}: {text[equals.end() :].lstrip()}"),
            key=equals[1],
        )
    bare = _NO_COLON.match(text)
    if bare is None:
        return None
    return said(
        place,
        bare.end(),
        N_("A colon is missing after `%(key)s`."),
        N_("Write `%(key)s: ` and then the value."),
        mended=with_line(seen.lines, place, f"{text[: bare.end()]}:{text[bare.end() :]}"),
        key=bare[1],
    )
