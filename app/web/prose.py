"""Hosts' HTML made safe to show: tags by list, no scripts, no styles, images only from the bundle itself.

Bytes are capped before cleaning (rules/bounds.py).
"""

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

import nh3

from app.rules.bounds import LONGEST_SHOWN_BYTES

TAGS = nh3.ALLOWED_TAGS - {"map", "area", "center", "tt", "acronym", "hgroup", "nav", "header", "footer"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
# Chinese and Japanese letters and their punctuation; Korean puts blanks between words
_WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uff60\U00020000-\U0003ffff]"
_TAGS = "(?:<[^<>]*>)*"
_WRAPPED = re.compile(rf"({_WIDE}{_TAGS})[ \t]*\n[ \t]*(?={_TAGS}{_WIDE})")
_PREFORMATTED = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)


@lru_cache(maxsize=256)
def sanitised(html: str, base: str) -> str:
    """Return HTML that is safe inside our page; relative image addresses are put under `base`, others dropped.

    A line break between two Japanese letters goes, as CSS wants it; some browsers show a blank there.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        return _image_address(value, base) if (tag, name) == ("img", "src") else value

    clean = nh3.clean(
        html.encode()[:LONGEST_SHOWN_BYTES].decode(errors="ignore"),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    parts = _PREFORMATTED.split(clean)
    parts[::2] = [_WRAPPED.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts)


def _image_address(value: str, base: str) -> str | None:
    parts = urlsplit(value)
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/") or not base:
        return None
    return f"{base}/{quote(parts.path)}"
