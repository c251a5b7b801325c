"""Cells that a spreadsheet shows as text, never computes: people choose names, and a name may be a formula (OWASP)."""

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SKIPPED = " \u3000'\""


class Figure(str):
    """A number written out with its decimals, which is no text: a minus before it stays one."""

    __slots__ = ()


Cell = str | int | float | None


def safe_cell(cell: Cell) -> Cell:
    """Return a cell, with an apostrophe before a text that a spreadsheet might take for a formula.

    Also behind blanks and quotes, which some programs strip. Numbers and a `Figure` stay as they are.
    """
    if not isinstance(cell, str) or isinstance(cell, Figure):
        return cell
    return f"'{cell}" if cell.lstrip(SKIPPED).startswith(STARTERS) or cell.startswith(STARTERS) else cell
