"""Access tokens: made once and shown once, used by programs, revoked by their owner."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.extensions import writing
from app.models.accounts import Account
from app.models.tokens import AccessToken
from app.queries.accounts import token_hash
from app.rules.errors import N_, Invalid, NotFound
from app.rules.throttle import SENDS_BY_TOKEN, WRONG_TOKENS_PER_ADDRESS
from app.services import audit, throttle

# told at once by whoever finds one in a repository or a log
PREFIX = "shiai_"
LIFETIMES = (30, 90, 365)
LONGEST_NAME = 60
MOST_OF_A_PERSON = 20
USED_EVERY = timedelta(minutes=1)


def make(account: Account, *, name: str, days: int, now: datetime) -> str:
    """Make a token that lives for so many days and return it; nobody can read it again. Raises Invalid."""
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(N_("Say what the token is for, in at most %(most)s characters."), "name", most=LONGEST_NAME)
    if days not in LIFETIMES:
        raise Invalid(N_("Choose how long the token is valid."), "days")
    token = PREFIX + secrets.token_urlsafe(32)
    with writing() as session:
        held = session.scalar(select(func.count()).where(AccessToken.account_id == account.id)) or 0
        if held >= MOST_OF_A_PERSON:
            raise Invalid(N_("You have %(most)s tokens. Revoke one that you no longer need."), most=MOST_OF_A_PERSON)
        session.add(
            AccessToken(
                account_id=account.id,
                name=name,
                token_hash=token_hash(token),
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
        )
        details = {"name": name, "days": days}
        audit.record(session, by=account, action="token.make", subject=account.name, details=details, now=now)
    return token


def revoke(account: Account, token_id: int, *, now: datetime) -> None:
    """End one of a person's own tokens; NotFound when it is not theirs or ended before."""
    with writing() as session:
        token = session.get(AccessToken, token_id)
        if token is None or token.account_id != account.id:
            raise NotFound(N_("This token was revoked already."))
        session.delete(token)
        details = {"name": token.name}
        audit.record(session, by=account, action="token.revoke", subject=account.name, details=details, now=now)


def used(token: AccessToken, *, now: datetime) -> None:
    """Write down that a token is in use; not at every request."""
    if token.used_at is None or now - token.used_at >= USED_EVERY:
        token_id = token.id
        with writing(durable=False) as session:
            session.execute(update(AccessToken).where(AccessToken.id == token_id).values(used_at=now))


def count_wrong(address: str, *, now: datetime) -> None:
    """Count a token that nobody has; TooMany after too many from one address. Right ones go on working there."""
    with writing() as session:
        throttle.count_try(session, {f"token|{address}": WRONG_TOKENS_PER_ADDRESS}, now=now)


def count_sending(account: Account, *, now: datetime) -> None:
    """Count one file that a person's program is about to send; TooMany after too many in an hour."""
    key = f"token-sends|{account.id}"
    with writing() as session:
        throttle.count_try(session, {key: SENDS_BY_TOKEN}, now=now)
