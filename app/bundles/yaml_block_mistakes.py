"""Mistakes across lines of a configuration: indentation of keys, a second document."""

from app.bundles.yaml_dash_mistakes import odd_dash
from app.bundles.yaml_failure import Diagnosis, Failure, indent_of, inner_indent, said, with_line
from app.rules.errors import N_


def key_of_item(seen: Failure) -> Diagnosis | None:
    """Explain a key that stands under the dash of its list item instead of under the item's first key."""
    if "expected <block end>" not in seen.problem or "collection" not in seen.context or seen.before() is None:
        return None
    odd = odd_dash(seen)
    if odd is not None:
        return odd
    dash = next((at for at in range(seen.line - 1, -1, -1) if _is_dash_above(seen, at)), None)
    if dash is None:
        return None
    return _belongs_to_item(seen, seen.line, dash)


def lost_indentation(seen: Failure) -> Diagnosis | None:
    """Explain a key in the column of the dashes, found out only when the next dash comes."""
    text = seen.text()
    if "expected <block end>" not in seen.problem or not text.lstrip().startswith("- "):
        return None
    dash = next((at for at in range(seen.line - 1, -1, -1) if _is_dash_above(seen, at)), None)
    if dash is None or indent_of(seen.text(dash)) != indent_of(text):
        return None
    between = range(dash + 1, seen.line)
    key = next((at for at in between if seen.text(at).strip() and indent_of(seen.text(at)) == indent_of(text)), None)
    return None if key is None else _belongs_to_item(seen, key, dash)


def _belongs_to_item(seen: Failure, line: int, dash: int) -> Diagnosis:
    due, found = inner_indent(seen.text(dash)), indent_of(seen.text(line))
    return said(
        line,
        found,
        N_("This line belongs to the list item of line %(dash)s, but starts in column %(found)s."),
        N_("Start it in column %(due)s, under the first key of the item."),
        mended=_shifted(seen, line, due - found),
        dash=dash + 1,
        found=found + 1,
        due=due + 1,
    )


def _is_dash_above(seen: Failure, line: int) -> bool:
    text = seen.text(line)
    return text.lstrip().startswith("- ") and indent_of(text) <= indent_of(seen.text())


def _shifted(seen: Failure, first: int, by: int) -> list[str] | None:
    """Move a line, and what follows in its column, by so many spaces; None where that leaves no room."""
    column = indent_of(seen.text(first))
    if column + by < 0:
        return None
    lines = list(seen.lines)
    for place in range(first, len(lines)):
        text = lines[place]
        if place > first and text.strip() and (_leaves(text, column) or _is_right(seen, place, column, column + by)):
            break
        if text.strip():
            lines[place] = " " * (indent_of(text) + by) + text.lstrip(" ")
    return lines


def _is_right(seen: Failure, place: int, column: int, due: int) -> bool:
    """Tell whether a line starts where the moved ones should and belongs to none of them."""
    above = seen.before(place)
    opened = above is not None and indent_of(seen.text(above)) == column and seen.text(above).rstrip().endswith(":")
    return indent_of(seen.text(place)) == due and not opened


def _leaves(text: str, column: int) -> bool:
    margin = indent_of(text)
    return margin < column or (margin == column and text.lstrip().startswith("-"))


def wrong_column(seen: Failure) -> Diagnosis | None:
    """Explain a line whose indentation fits no line above, or text after a finished value."""
    if "expected <block end>" not in seen.problem and "expected '<document start>'" not in seen.problem:
        return None
    margin = indent_of(seen.text())
    if seen.text()[seen.column : seen.column + 1] in {"}", "]", ","}:
        return _stray_bracket(seen)
    if seen.column > margin:
        return said(
            seen.line,
            seen.column,
            N_("The value of this line ends before `%(found)s`."),
            N_("Remove what follows, or put quotes around the whole value."),
            found=seen.text()[seen.column :].strip()[:40],
        )
    return said(
        seen.line,
        margin,
        N_("This line starts in column %(found)s, but what it belongs to starts in column %(due)s of line %(start)s."),
        N_("Give all keys of one map, and all dashes of one list, the same indentation."),
        found=margin + 1,
        due=seen.started_column + 1,
        start=seen.started + 1,
    )


def _stray_bracket(seen: Failure) -> Diagnosis:
    sign = seen.text()[seen.column]
    return said(
        seen.line,
        seen.column,
        N_("There is one `%(sign)s` too many here: the bracket it would close is already closed."),
        N_("Remove it, or add the bracket that should open before it."),
        mended=with_line(seen.lines, seen.line, seen.text()[: seen.column] + " " + seen.text()[seen.column + 1 :]),
        sign=sign,
    )


def second_document(seen: Failure) -> Diagnosis | None:
    """Explain a line of three dashes in the middle of the file."""
    if "single document" not in seen.context + seen.problem:
        return None
    return said(
        seen.line,
        seen.column,
        N_("A second document begins here; a bundle has one configuration."),
        N_("Remove the line `---` and what does not belong to the challenge."),
    )
