"""Quotation marks that YAML takes for letters of a text: those of word processors, and one that lost its other."""

from app.bundles.fields import Reading
from app.bundles.yaml_document import NodePath
from app.rules.errors import N_

_OPENING, _CLOSING = frozenset("“„‟‘‚‛”’"), frozenset("”“‟’‘")


def unquoted(reading: Reading, path: NodePath, found: str) -> str:
    """Take off the quotes of a word processor, which YAML takes for a part of the text, and one that lost its other."""
    inner = found[1:-1]
    if found[-1:] == '"' and found.count('"') == 1 and path not in reading.document.quoted:
        reading.warn(
            path,
            N_("`%(found)s` ends with a quotation mark that nothing opens; it is read as `%(inner)s`."),
            N_("Write the quotation mark on both sides, or on none; a text that ends with one goes in single quotes."),
            found=found[:80],
            inner=found[:-1][:80],
        )
        return found[:-1].rstrip()
    if found[:1] not in _OPENING or found[-1:] not in _CLOSING or set(inner) & (_OPENING | _CLOSING) - {"’"}:
        return found
    reading.warn(
        path,
        N_("`%(found)s` is in typographic quotes; it is read as `%(inner)s`."),
        N_("Write plain quotes, or none."),
        found=found[:80],
        inner=inner[:80],
    )
    return inner
