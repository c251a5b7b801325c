"""Where a page may send a browser after a step: only to a path of this site, written anew from its parts."""

import unicodedata
from urllib.parse import quote, urlsplit

HOME = "/"
LONGEST = 2000
_PATH_SIGNS = "/%:@!$&'()*+,;=~-._"
_QUERY_SIGNS = _PATH_SIGNS + "?"


def safe_target(wish: str | None, *, default: str = HOME) -> str:
    """Return the wished path with its query when it lies within this site, else `default`.

    Scheme, host and fragment never survive: browsers disagree on what `//`, a backslash or a control sign means.
    """
    if not wish or len(wish) > LONGEST or not wish.startswith("/") or _is_tricky(wish):
        return default
    try:
        parts = urlsplit(wish)
    except ValueError:
        return default
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return default
    path = quote(parts.path, safe=_PATH_SIGNS)
    query = quote(parts.query, safe=_QUERY_SIGNS)
    return f"{path}?{query}" if query else path


def _is_tricky(wish: str) -> bool:
    path = wish.split("?", 1)[0].split("#", 1)[0]
    return "//" in path or "\\" in wish or any(unicodedata.category(sign)[0] in "CZ" for sign in wish)
