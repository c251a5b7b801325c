"""Signed-in browsers: rows that can be ended from the server. Tokens live in the browser, their hashes here."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account, SignIn
from app.queries.accounts import LIFETIME, token_hash
from app.rules.errors import N_, NotFound
from app.services import audit

SEEN_EVERY = timedelta(minutes=5)


def begin(session: Session, account: Account, *, now: datetime, address: str, agent: str) -> str:
    """Add a session for an account within a transaction that is already running, and return its new token."""
    session.execute(delete(SignIn).where(SignIn.created_at <= now - LIFETIME))
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            confirmed_at=now,
            address=address,
            agent=agent,
        )
    )
    session.flush()
    return token


def end_all(session: Session, account: Account, *, but: str | None = None) -> None:
    """End the sessions of an account within a running transaction, except the one whose token is `but`."""
    ended = delete(SignIn).where(SignIn.account_id == account.id)
    if but is not None:
        ended = ended.where(SignIn.token_hash != token_hash(but))
    session.execute(ended)


def end_token(session: Session, token: str | None) -> None:
    """End the session with this token, if there is one, within a running transaction."""
    if token is not None:
        session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def sign_out(token: str) -> None:
    """End the session of a browser; nothing happens when it ended before."""
    with writing() as session:
        end_token(session, token)


def end_one(account: Account, sign_in_id: int, *, now: datetime) -> None:
    """End one of a person's own sessions; NotFound when it is not theirs or ended before."""
    with writing() as session:
        sign_in = session.get(SignIn, sign_in_id)
        if sign_in is None or sign_in.account_id != account.id:
            raise NotFound(N_("This session has ended already."))
        session.delete(sign_in)
        audit.record(session, by=account, action="session.end", subject=account.name, now=now)


def end_others(account: Account, *, token: str, now: datetime) -> None:
    """End all sessions of a person except the one with this token."""
    with writing() as session:
        end_all(session, account, but=token)
        audit.record(session, by=account, action="session.end_others", subject=account.name, now=now)


def end_all_of(account: Account, *, by: Account, now: datetime) -> None:
    """End every session of a person on an admin's word."""
    with writing() as session:
        end_all(session, account)
        audit.record(session, by=by, action="session.end_all", subject=account.name, now=now)


def is_stale(sign_in: SignIn, *, now: datetime) -> bool:
    """Whether the session's last sign of life is old enough to be written anew; not at every request."""
    return now - sign_in.seen_at >= SEEN_EVERY


def touch(sign_in: SignIn, *, now: datetime) -> None:
    """Write down that the session is in use."""
    sign_in_id = sign_in.id
    with writing() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))
