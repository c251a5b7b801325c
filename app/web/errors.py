"""Errors as people see them: one sentence, what to do next, never a traceback."""

import errno
import logging
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app import engines
from app.extensions import db
from app.rules.errors import N_, Conflict, DomainError, Invalid, NotAllowed, NotFound, SentBefore, TooMany
from app.storage import MissingFileError
from app.web import locale
from app.web.access import Access, Refused, largest, rule_of
from app.web.filters import asset, said
from app.web.fragments import page_at_browser, piece
from app.web.json_answers import json_answer
from config import MIB

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], int] = {
    Invalid: 422,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    SentBefore: 409,
    TooMany: 429,
}
SENTENCES = {
    400: N_("The server could not understand this request. Go back, load the page again and repeat the step."),
    401: N_("You are signed out. Sign in and repeat the step."),
    403: N_("You may not do this."),
    404: N_("There is nothing at this address, or it is not open to you."),
    405: N_("This address cannot be used in this way."),
    410: N_("This file is missing on the server's disk. Tell the administrator."),
    413: N_("This is too large. The limit is %(limit)s MB."),
    429: N_("Too many attempts in a short time. Wait a little and try again."),
    500: N_("Something went wrong on the server, and it was logged. Nothing you sent is half stored; try again."),
    503: N_(
        "The database cannot be reached or is too busy at the moment. Nothing you sent is half stored; "
        "wait a little and try again."
    ),
    507: N_("The server's disk is nearly full, so nothing can be uploaded at the moment. Tell the administrator."),
}
NO_TOKEN = N_("Send a valid token as “Authorization: Bearer …”. You can make one on your profile page.")
SIGNED_OUT = N_("You are signed out, so the file was not kept. Sign in to come back to the form and choose it again.")
TOO_MUCH_TEXT = N_("A text in this form is too long, or it has too many fields. Send a long text as a file.")
AGAIN_S = 5
BARE = "<!doctype html><title>Something went wrong</title><h1>Something went wrong</h1><p>Please try again.</p>"


def register(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _domain(error: DomainError) -> ResponseReturnValue:
    status = STATUS.get(type(error), 422)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    return _page(status, lambda: said(error)), status, headers


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    sentence = N_("This form is too old, or it came from another page. Load the page again and repeat the step.")
    return _page(400, lambda: gettext(sentence)), 400


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None:
        return error.response
    headers = [(k, v) for k, v in error.get_headers() if k.lower() in {"allow", "retry-after"}]
    if status == HTTPStatus.UNAUTHORIZED and _asks_a_program():
        headers.append(("WWW-Authenticate", "Bearer"))
    refused = error.sentence if isinstance(error, Refused) else None
    return _page(status, lambda: said(refused) if refused else _sentence(status)), status, headers


def _asks_a_program() -> bool:
    if request.endpoint is None:
        return request.path.startswith("/api/")
    return rule_of(request.endpoint).level is Access.PROGRAM


def _sentence(status: int) -> str:
    upload = rule_of(request.endpoint).upload if request.endpoint else None
    if status == HTTPStatus.UNAUTHORIZED and _asks_a_program():
        return str(gettext(NO_TOKEN))
    if status == HTTPStatus.UNAUTHORIZED and upload:
        return str(gettext(SIGNED_OUT))
    limit = largest(upload) if upload else MIB
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and 0 < (request.content_length or 0) <= limit:
        return str(gettext(TOO_MUCH_TEXT))
    text: str = gettext(SENTENCES.get(status, SENTENCES[400 if status < 500 else 500]))
    return text % {"limit": limit // MIB} if "%(limit)s" in text else text


def _unexpected(error: Exception) -> ResponseReturnValue:
    if engines.is_full(error) or (isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}):
        log.error("the disk is full: %s", engines.in_a_line(error))
        return _page(507, lambda: gettext(SENTENCES[507])), 507
    if engines.is_away(error):
        log.error("the database does not answer %s %s: %s", request.method, request.path, engines.in_a_line(error))
        return _alone(503, lambda: gettext(SENTENCES[503])), 503, {"Retry-After": str(AGAIN_S)}
    if isinstance(error, MissingFileError):
        log.error("%s %s: a kept file is missing: %s", request.method, request.path, error)
        return _page(410, lambda: gettext(SENTENCES[410])), 410
    log.error("unhandled error in %s %s", request.method, request.path, exc_info=error)
    return _page(500, lambda: gettext(SENTENCES[500])), 500


def _page(status: int, sentence: Callable[[], str]) -> str | Response:
    try:
        db.session.rollback()
        if _asks_a_program():
            return json_answer({"error": sentence()})
        fragment = request.headers.get("HX-Request") == "true"
        template = "errors/fragment.html" if fragment else "errors/page.html"
        return render_template(template, status=status, sentence=sentence(), back=page_at_browser())
    except Exception as failure:
        # the layout, the language or the database itself may be what fails
        if not engines.is_away(failure):
            log.exception("the error page could not be drawn")
        return _alone(status, sentence)


def _alone(status: int, sentence: Callable[[], str]) -> str | Response:
    """Draw an error page that needs nobody's name, no layout and no database."""
    language = locale.selected_without_rows()
    try:
        with force_locale(language):
            if _asks_a_program():
                return json_answer({"error": sentence()})
            fragment = request.headers.get("HX-Request") == "true"
            template = "errors/fragment.html" if fragment else "errors/alone.html"
            return piece(template, status=status, sentence=sentence(), locale=language, asset=asset)
    except Exception:
        # this page depends on nothing
        log.exception("the bare error page could not be drawn")
        return BARE
