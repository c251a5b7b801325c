"""Who may call which view: every view says it, one gate enforces it, and a view that says nothing stops the start."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.bundles.images import LARGEST_LOGO
from app.extensions import csrf, store
from app.rules.errors import N_
from app.storage import IncomingFile
from app.web import addresses, bearer, open_boards
from app.web.auth import signed_in_account
from app.web.settings import current_site, settings

if TYPE_CHECKING:
    import config

View = TypeVar("View", bound=Callable[..., Any])
Upload = Literal["submission", "bundle", "logo"]
# waitress, we and the store hold the body at the same time, and some room must stay for everybody else
SPARE_BYTES = 256 * 1024 * 1024
SLACK_BYTES = 1024 * 1024
# a million signs of any script that are pasted instead of a file
PASTED_BYTES = 4 * 1024 * 1024
MARK = "access"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# the name itself is not repeated: whoever asks has it in the address bar, and it may be anybody's words
OTHER_NAME = N_(
    "This server does not answer to the name in the address bar. Use the address you were given, or ask the "
    "administrator to add the name to SHIAI_TRUSTED_HOSTS."
)
COMPRESSED = N_(
    "The request arrived compressed (Content-Encoding). Send it uncompressed; a file in it may be compressed."
)


class Access(StrEnum):
    """The levels, from the most open to the most closed."""

    ANYBODY = "anybody"
    READER = "reader"  # anybody, or only signed-in people: the admin chooses
    SIGNED_IN = "signed_in"
    ADMIN = "admin"
    PROGRAM = "program"  # programs, by an access token: no cookie counts there


@dataclass(frozen=True)
class Rule:
    """What a view said of itself; `upload` allows a large body."""

    level: Access
    fragment: bool
    upload: Upload | None
    before_set_up: bool


class Refused(HTTPException):
    """A request the gate does not let in, with the sentence that says why."""

    def __init__(self, code: int, sentence: str) -> None:
        self.code = code
        self.sentence = sentence
        super().__init__()


class StorageFull(HTTPException):
    """There is no room for what comes; Werkzeug knows no such number."""

    code = 507


def open_to(
    level: Access, *, fragment: bool = False, upload: Upload | None = None, before_set_up: bool = False
) -> Callable[[View], View]:
    """Say who may call a view. A fragment answers 401 to a stranger, never a sign-in page."""

    def mark(view: View) -> View:
        setattr(view, MARK, Rule(level, fragment, upload, before_set_up))
        return view

    return mark


def register(app: Flask) -> None:
    """Put the gate before every request; RuntimeError when a view has no rule."""
    open_to(Access.ANYBODY, before_set_up=True)(app.view_functions["static"])
    silent = sorted(name for name, view in app.view_functions.items() if not hasattr(view, MARK))
    if silent:
        raise RuntimeError(f"These views do not say who may call them: {', '.join(silent)}")
    app.before_request(gate)


def gate() -> ResponseReturnValue | None:
    """Let a request through to its view, or answer it here."""
    if not host_is_trusted(request.host, settings()):
        raise Refused(HTTPStatus.BAD_REQUEST, OTHER_NAME)
    if request.endpoint is None:
        return addresses.without_slash()
    rule = rule_of(request.endpoint)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, COMPRESSED)
    if rule.level is Access.PROGRAM:
        bearer.admit(sends=request.method not in SAFE_METHODS)
        _admit_body(rule)
        return None
    refusal = _refusal(rule)
    if refusal is not None:
        return refusal
    _admit_body(rule)
    if request.method not in SAFE_METHODS:
        _refuse_other_sites()
        csrf.protect()
    return None


def _refuse_other_sites() -> None:
    # browsers name the page a form was sent from; programs send no such header, and the token holds for both
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise CSRFError("sent from another site")


def rule_of(endpoint: str) -> Rule:
    """Return what the view behind an endpoint said of itself."""
    rule: Rule = getattr(current_app.view_functions[endpoint], MARK)
    return rule


def _refusal(rule: Rule) -> ResponseReturnValue | None:
    if rule.level is Access.ANYBODY and rule.before_set_up:
        return None
    if rule.level is Access.READER and open_boards.state() is not None:
        return None
    site = current_site()
    if site.set_up_at is None and not rule.before_set_up:
        return redirect(url_for("setup.waiting"), 303)
    if rule.level is Access.ANYBODY or (rule.level is Access.READER and site.visitors_may_read):
        return None
    account = signed_in_account()
    if account is None:
        return _ask_to_sign_in(rule)
    if rule.level is Access.ADMIN and not account.is_admin:
        abort(404)
    return None


def _ask_to_sign_in(rule: Rule) -> ResponseReturnValue:
    if rule.fragment or request.method not in SAFE_METHODS:
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)


def _admit_body(rule: Rule) -> None:
    if rule.upload is None:
        return
    limit = largest(rule.upload)
    request.max_content_length = limit + SLACK_BYTES
    if rule.upload == "submission":
        request.max_form_memory_size = PASTED_BYTES
    length = request.content_length or 0
    if length > limit + SLACK_BYTES:
        raise RequestEntityTooLarge
    if store.free_bytes() < length + SPARE_BYTES:
        raise StorageFull


def refuse_too_large(file: IncomingFile, upload: Upload) -> None:
    """Answer 413 to a file over its limit: the gate lets a little more through, for the form around the file."""
    if file.size > largest(upload):
        raise RequestEntityTooLarge


def largest(upload: Upload) -> int:
    """Return how many bytes a file that is uploaded may have."""
    known = settings()
    return {
        "submission": known.max_submission_bytes,
        "bundle": known.max_bundle_bytes,
        "logo": LARGEST_LOGO,
    }[upload]


def host_is_trusted(host: str, known: "config.Settings") -> bool:
    """Whether a Host header names this server: an address, this machine's name, or a name the operator set.

    A name nobody set could be an attacker's that points here (DNS rebinding); an address cannot be rebound.
    """
    name = host.rsplit(":", 1)[0].strip("[]").lower()
    if name in {"localhost", *_own_names(), *known.trusted_hosts} or name == _name_in(known.base_url):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name}.local"}


def _name_in(url: str) -> str:
    return url.rsplit("://", maxsplit=1)[-1].split("/", maxsplit=1)[0].rsplit(":", 1)[0].lower() if url else "localhost"
