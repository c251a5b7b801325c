"""What changed between two pages, as lines of text: what a person reads, not how it is marked up."""

from difflib import SequenceMatcher
from html.parser import HTMLParser

BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "blockquote", "pre", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th"),
    }
)
UNSEEN = frozenset({"script", "style", "template"})
MOST_LINES = 500


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class asks for it
        self._unseen += tag in UNSEEN
        if tag in BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN and self._unseen > 0
        if tag in BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.lines[-1] += data


def text_lines(html: str) -> list[str]:
    """Return the text of a page, a line for each block, blanks made single, empty ones left out."""
    reader = _Lines()
    reader.feed(html)
    reader.close()
    return [" ".join(line.split()) for line in reader.lines if line.strip()]


def text_changes(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines of text that are gone and those that are new, each in its order.

    Very long pages are compared as far as MOST_LINES lines.
    """
    old, new = text_lines(before)[:MOST_LINES], text_lines(after)[:MOST_LINES]
    gone, added = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += old[a:b]
            added += new[c:d]
    return gone, added
