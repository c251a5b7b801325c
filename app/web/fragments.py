"""Pieces of pages: the only module that knows htmx-flask."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from app.rules.redirects import safe_target


def is_fragment() -> bool:
    """Whether htmx asks for a piece to put into the page."""
    return bool(htmx_request.htmx)


def page_at_browser() -> str:
    """Return the path of the page that a person sees: the one asked for, or the one that a form was sent from."""
    parts = urlsplit(request.full_path.rstrip("?") if request.method == "GET" else request.referrer or "")
    return safe_target(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def piece_or_redirect(html: str, *, to: str) -> ResponseReturnValue:
    """Answer a change: htmx gets the changed piece, a browser without scripts is sent back to the page."""
    return html if is_fragment() else redirect(to, 303)


def piece(template: str, **values: Any) -> str:
    """Render a piece of a page that says nothing of who is there, so that nobody is asked who that is."""
    return current_app.jinja_env.get_template(template).render(values)


def etagged(html: str, tag: str | None = None) -> Response:
    """Answer with a named state of a piece, or 304 when the browser has that state; without a name its hash is one."""
    tag = tag or f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    response = make_response(html)
    response.headers["ETag"] = tag
    if request.headers.get("If-None-Match") == tag:
        response = make_response("", 304)
        response.headers["ETag"] = tag
    return response
