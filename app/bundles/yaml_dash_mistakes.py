"""Dashes of a list: one stands in a column of its own, or is missing."""

from app.bundles.yaml_failure import Diagnosis, Failure, indent_of, inner_indent, said, with_line
from app.rules.errors import N_


def list_item(seen: Failure) -> Diagnosis | None:
    """Explain a dash that stands in another column than the dashes of its list."""
    text = seen.text()
    if "expected <block end>" not in seen.problem or not text.lstrip().startswith("-") or seen.column > indent_of(text):
        return None
    above = _nearest_sibling(seen)
    if above is None:
        return None
    column = indent_of(seen.text(above))
    return said(
        seen.line,
        indent_of(text),
        N_("The dash of this item is in column %(found)s; that of the item in line %(above)s is in column %(due)s."),
        N_("Start all dashes of a list in the same column."),
        mended=with_line(seen.lines, seen.line, " " * column + text.lstrip()),
        found=indent_of(text) + 1,
        above=above + 1,
        due=column + 1,
    )


def _nearest_sibling(seen: Failure) -> int | None:
    """Return the earlier dash whose column is nearest to this one's, though not the same."""
    margin = indent_of(seen.text())
    dashes = [
        at for at in range(seen.line - 1, max(-1, seen.line - 500), -1) if seen.text(at).lstrip().startswith("- ")
    ]
    others = [at for at in dashes if indent_of(seen.text(at)) != margin]
    return min(others, key=lambda at: abs(indent_of(seen.text(at)) - margin), default=None)


def odd_dash(seen: Failure) -> Diagnosis | None:
    """Explain a dash in a column of its own, where the keys of its item stand as those of the other items do."""
    above = seen.before()
    text = "" if above is None else seen.text(above)
    is_about_columns = "mapping values are not allowed" in seen.problem or "expected <block end>" in seen.problem
    if above is None or not is_about_columns or not text.lstrip().startswith("- "):
        return None
    column = indent_of(seen.text())
    others = [at for at in _dashes_of_list(seen, above) if inner_indent(seen.text(at)) == column]
    if not others or inner_indent(text) == column:
        return None
    due = indent_of(seen.text(others[0]))
    return said(
        above,
        indent_of(text),
        N_("The dash of this item is in column %(found)s; that of the item in line %(above)s is in column %(due)s."),
        N_("Start all dashes of a list in the same column."),
        mended=with_line(seen.lines, above, " " * due + text.lstrip()),
        found=indent_of(text) + 1,
        above=others[0] + 1,
        due=due + 1,
    )


def _dashes_of_list(seen: Failure, dash: int) -> list[int]:
    """Return the other dashes about as far to the right as this one, up to where the list ends on either side."""
    margin = indent_of(seen.text(dash))
    found = []
    for places in (range(dash + 1, min(len(seen.lines), dash + 500)), range(dash - 1, max(-1, dash - 500), -1)):
        for at in places:
            text = seen.text(at)
            if text.strip() and indent_of(text) < margin - 2:
                break
            if text.lstrip().startswith("- ") and abs(indent_of(text) - margin) <= 2:
                found.append(at)
    return found


def missing_dash(seen: Failure) -> Diagnosis | None:
    """Explain a list whose first item has no dash, found out only when the next item comes with one."""
    text = seen.text()
    if "expected <block end>" not in seen.problem or not text.lstrip().startswith("- "):
        return None
    inner = inner_indent(text)
    places = range(seen.line - 1, max(-1, seen.line - 200), -1)
    opened = next((at for at in places if seen.text(at).strip() and indent_of(seen.text(at)) < inner), None)
    if opened is None or not seen.text(opened).rstrip().endswith(":") or seen.text(opened).lstrip().startswith("- "):
        return None
    first = seen.after(opened)
    if first is None or first >= seen.line or indent_of(seen.text(first)) != inner:
        return None
    return said(
        first,
        inner,
        N_("A dash is missing before the first key of this item; the item in line %(line)s has one."),
        N_("Begin each item of a list with `- `."),
        mended=with_line(seen.lines, first, " " * indent_of(text) + "- " + seen.text(first).lstrip()),
        line=seen.line + 1,
    )
