"""A person and the own account: sign in, confirm by password, change password, name, zone, language."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.queries import accounts as account_queries
from app.queries import site as site_queries
from app.rules import passwords as password_rules
from app.rules.emails import LONGEST
from app.rules.errors import N_, Invalid, TooMany
from app.rules.names import display_name, name_key
from app.rules.throttle import CONFIRM_PER_ACCOUNT, SIGN_IN_PER_ADDRESS, sign_in_limit
from app.services import audit, credentials, passwords, sessions, throttle
from app.services.registration import LONGEST_NAME, PRODUCT, Browser, check_name_is_free

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Try:
    """A sign-in under way: who is meant, the hash to compare with, the counted tries."""

    account_id: int | None
    password_hash: str | None
    counted: list[int]


def sign_in(who: str, password: str, *, browser: Browser, now: datetime, replacing: str | None = None) -> str:
    """Sign a person in by name or e-mail address, and return the token of the new session.

    `replacing` is the token of the session that lived in this browser; it ends. Invalid does not say whether the name,
    the password or the account was wrong, and takes as long for each. TooMany after too many failures.
    """
    passwords.refuse_when_busy()
    with writing() as session:
        attempt = _begin_try(session, who[:LONGEST], address=browser.address, now=now)
    if not _matches(attempt, password):
        log.warning("failed sign-in as %r from %s", who[:LONGEST], browser.address)
        raise _wrong()
    renewed = _rehashed(attempt, password)
    with writing() as session:
        throttle.forgive(session, attempt.counted)
        account = session.get(Account, attempt.account_id)
        if account is None or not account.is_active or account.password_hash != attempt.password_hash:
            raise _wrong()
        account.password_hash = renewed or account.password_hash
        sessions.end_token(session, replacing)
        audit.record(
            session,
            by=account,
            action="session.sign_in",
            subject=account.name,
            details={"address": browser.address},
            now=now,
        )
        return sessions.begin(session, account, now=now, address=browser.address, agent=browser.agent)


def confirm(account: Account, password: str, *, token: str, browser: Browser, now: datetime) -> str:
    """Take the password again before a grave step, and return the token that replaces the session's.

    Raises Invalid for a wrong password, TooMany.
    """
    _check_current(account, password, field="password", now=now)
    with writing() as session:
        sessions.end_token(session, token)
        return sessions.begin(session, account, now=now, address=browser.address, agent=browser.agent)


def change_password(account: Account, *, current: str, new: str, browser: Browser, now: datetime) -> str:
    """Change the own password, end every session and return the token of a new one for this browser.

    Raises Invalid for a wrong current or a weak new password, TooMany.
    """
    own_words = (account.name, account.email, site_queries.site().name, PRODUCT)
    _check_current(account, current, field="current", now=now)
    if new == current:
        raise Invalid(N_("This is the password you have now. Choose another one."), "password")
    password_hash = passwords.hashed(password_rules.checked(new, own_words=own_words))
    with writing() as session:
        credentials.set_password(session, account, password_hash)
        audit.record(session, by=account, action="account.change_password", subject=account.name, now=now)
        return sessions.begin(session, account, now=now, address=browser.address, agent=browser.agent)


def change_profile(account: Account, *, name: str, timezone: str | None, language: str | None, now: datetime) -> None:
    """Change the own name, time zone and language; Invalid when the name is taken or unfit.

    The e-mail address is not among them: where its domain lets people in, an address nobody verified must not open a
    door, and no mail can be sent to verify one. An admin changes it.
    """
    shown = display_name(name, longest=LONGEST_NAME, field="name")
    with writing() as session:
        check_name_is_free(session, shown, but=account)
        if shown != account.name:
            details = {"before": account.name, "after": shown}
            audit.record(session, by=account, action="account.rename", subject=shown, details=details, now=now)
        account.name, account.name_key = shown, name_key(shown)
        account.timezone, account.language = timezone, language


def set_language(account: Account, language: str) -> None:
    """Change the language in which a person reads."""
    with writing():
        account.language = language


def _begin_try(session: Session, who: str, *, address: str, now: datetime) -> _Try:
    account = account_queries.by_name_or_email(who)
    person = f"account:{account.id}" if account else f"nobody:{name_key(who)}"
    failures = throttle.tries_under(session, f"sign-in|{person}")
    counted = throttle.count_try(
        session,
        {
            f"sign-in|{person}|{address}": sign_in_limit(failures, now=now),
            f"sign-in|{person}": None,
            f"sign-in|{address}": SIGN_IN_PER_ADDRESS,
        },
        now=now,
    )
    if account is None or not account.is_active:
        return _Try(None, None, counted)
    return _Try(account.id, account.password_hash, counted)


def _matches(attempt: _Try, password: str) -> bool:
    try:
        return passwords.matches(attempt.password_hash, password)
    except TooMany:
        # the password was not looked at, so the try must not count
        with writing() as session:
            throttle.forgive(session, attempt.counted)
        raise


def _rehashed(attempt: _Try, password: str) -> str | None:
    if attempt.password_hash is None or not passwords.is_outdated(attempt.password_hash):
        return None
    return passwords.hashed(password)


def _check_current(account: Account, password: str, *, field: str, now: datetime) -> None:
    key = f"confirm|account:{account.id}"
    with writing() as session:
        counted = throttle.count_try(session, {key: CONFIRM_PER_ACCOUNT}, now=now)
        attempt = _Try(account.id, account.password_hash, counted)
    if not _matches(attempt, password):
        raise Invalid(N_("This is not your password."), field)
    with writing() as session:
        throttle.forgive(session, attempt.counted)


def _wrong() -> Invalid:
    return Invalid(N_("The name or the password is wrong. Check both; capital letters matter in the password."))
