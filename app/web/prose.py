"""Hosts' HTML made safe to show: tags by list, no scripts, no styles, images only from the bundle itself.

Bytes are capped before cleaning (rules/bounds.py).
"""

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


@lru_cache(maxsize=256)
def sanitised(html: str, base: str) -> str:
    """Return HTML that is safe inside our page; relative image addresses are put under `base`, others dropped."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        return _image_address(value, base) if (tag, name) == ("img", "src") else value

    return nh3.clean(
        html.encode()[:LONGEST_SHOWN_BYTES].decode(errors="ignore"),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _image_address(value: str, base: str) -> str | None:
    parts = urlsplit(value)
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/") or not base:
        return None
    return f"{base}/{quote(parts.path)}"
