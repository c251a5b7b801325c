"""The headers of every answer, also of errors and static files."""

from flask import Flask, Response, request

import config
from app.extensions import db
from app.web.requests import discard_incoming
from app.web.settings import settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def always(known: config.Settings) -> list[tuple[str, str]]:
    """Return the headers that every answer carries, for answers given before Flask is asked."""
    strict = [("Strict-Transport-Security", "max-age=31536000")] if known.is_https else []
    return [("Content-Security-Policy", POLICY), *HEADERS.items(), *strict]


def register(app: Flask) -> None:
    """Add the headers to every answer and clear up what a request left behind."""
    app.after_request(_add)
    app.teardown_request(_clear)


def _add(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    if settings().is_https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _clear(_error: BaseException | None) -> None:
    discard_incoming(request.environ)
    db.session.remove()
