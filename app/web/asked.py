"""What a request asks for in the two ways that many pages share: a page of a list, and a switch."""

from flask import request

# far beyond any list, and small enough that a database can count the rows before it
LAST_PAGE = 100_000


def page_number() -> int:
    """Return the number of the page of a list that the address asks for, from 1 to `LAST_PAGE`."""
    return min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)


def is_on() -> bool:
    """Whether a switch (components/switch.html) was set on, not off."""
    return request.form.get("on") == "1"
