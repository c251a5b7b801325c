"""Who is signed in: Flask-Login over server-side sessions, whose rows can be ended from the server."""

from datetime import datetime, timedelta

from flask import Flask, g, request, session
from flask_login import UserMixin, current_user, login_user

from app import clock
from app.extensions import login
from app.models.accounts import Account
from app.queries import accounts as account_queries
from app.services import sessions
from app.services.registration import Browser

CONFIRMED_FOR = timedelta(minutes=15)
LONGEST_AGENT = 200


class Person(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """The signed-in person as templates and Flask-Login see them."""

    def __init__(self, account: Account, token: str, confirmed_at: datetime) -> None:
        self.account = account
        self.token = token
        self.confirmed_at = confirmed_at
        self.name = account.name
        self.is_admin = account.is_admin

    def get_id(self) -> str:
        """Return the session's token: Flask-Login keeps it in the cookie, the database keeps its hash."""
        return self.token


def register(app: Flask) -> None:
    """Bind Flask-Login to the sign-in rows."""
    login.session_protection = None
    login.user_loader(_load)
    app.context_processor(lambda: {"account": signed_in_account()})


def _load(token: str) -> Person | None:
    now = clock.now()
    sign_in = account_queries.live_sign_in(token, now=now)
    if sign_in is None:
        return None
    if sessions.is_stale(sign_in, now=now):
        sessions.touch(sign_in, now=now)
    return Person(sign_in.account, token, sign_in.confirmed_at)


def signed_in_account() -> Account | None:
    """Return the account of the person at the browser, or whose token a program sent; None for a visitor."""
    if "bearer" in g:
        bearer: Account | None = g.bearer
        return bearer
    return current_user.account if current_user.is_authenticated else None


def account_at_browser() -> Account:
    """Return the account of the signed-in person; only for views that the gate keeps strangers out of."""
    account = signed_in_account()
    if account is None:
        raise LookupError
    return account


def speak_for(account: Account | None) -> None:
    """Have this request come from a person, or from nobody, whatever session a cookie of it names."""
    g.bearer = account


def confirmed_recently() -> bool:
    """Whether the person gave the password within the last quarter of an hour."""
    return bool(current_user.is_authenticated and clock.now() - current_user.confirmed_at < CONFIRMED_FOR)


def remember(token: str) -> None:
    """Sign this browser in with a fresh token; whatever the cookie held before is dropped."""
    sign_in = account_queries.live_sign_in(token, now=clock.now())
    if sign_in is None:
        return
    session.clear()
    session.permanent = True
    # Flask-WTF keeps the token of this request; the new session must get a new one
    g.pop("csrf_token", None)
    login_user(Person(sign_in.account, token, sign_in.confirmed_at))


def forget() -> None:
    """Sign this browser out."""
    session.clear()
    g.pop("csrf_token", None)


def token_at_browser() -> str | None:
    """Return the token of this browser's session, None for a visitor."""
    return current_user.token if current_user.is_authenticated else None


def browser() -> Browser:
    """Return where a session of this browser lives; proxies count only as the operator configured them."""
    return Browser(address=request.remote_addr or "unknown", agent=str(request.user_agent)[:LONGEST_AGENT])
