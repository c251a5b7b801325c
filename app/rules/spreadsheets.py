"""Cells that a spreadsheet shows as text, never computes: people choose names, and a name may be a formula (OWASP)."""

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SKIPPED = " \u3000'\""


def safe_cell(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet might take it for a formula.

    Also behind blanks and quotes, which some programs strip. Numbers are no texts: write them as they are.
    """
    return f"'{text}" if text.lstrip(SKIPPED).startswith(STARTERS) or text.startswith(STARTERS) else text
