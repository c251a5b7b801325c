"""People as pages read them: who is at a browser, who has which session, everybody for the admin."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models.accounts import Account, Invitation, SignIn
from app.models.site import AuditEntry
from app.rules.emails import email_key
from app.rules.names import name_key

IDLE = timedelta(hours=12)
IDLE_ADMIN = timedelta(hours=2)
LIFETIME = timedelta(days=7)
PAGE_SIZE = 100

Row = TypeVar("Row")

_awake = or_(
    SignIn.seen_at > bindparam("admin_since"),
    and_(Account.is_admin.is_(False), SignIn.seen_at > bindparam("since")),
)
_LIVE = (
    select(SignIn)
    .join(SignIn.account)
    .options(contains_eager(SignIn.account))
    .where(Account.is_active.is_(True), SignIn.created_at > bindparam("born_since"), _awake)
)
# asked by every request, so it is put together once: that takes longer than running it
_LIVE_BY_TOKEN = _LIVE.where(SignIn.token_hash == bindparam("token_hash"))


@dataclass(frozen=True)
class Person:
    """A line of the admin's list: the account and when it was last seen, None when it has no session."""

    account: Account
    seen_at: datetime | None


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a long list; pages count from 1 and there is always one."""

    rows: list[Row]
    number: int
    count: int


def token_hash(token: str) -> str:
    """Return what the database keeps of a token: SHA-256 in hex. Tokens hold 256 random bits and need no salt."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def live_sign_in(token: str, *, now: datetime) -> SignIn | None:
    """Return the session with this token and its account, None when it ended, lapsed or the account is not active."""
    return db.session.scalar(_LIVE_BY_TOKEN, _live_since(now) | {"token_hash": token_hash(token)})


def sign_ins_of(account: Account, *, now: datetime) -> list[SignIn]:
    """Return the live sessions of a person, the last seen first."""
    found = _LIVE.where(SignIn.account_id == account.id).order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    return list(db.session.scalars(found, _live_since(now)))


def _live_since(now: datetime) -> dict[str, object]:
    return {"admin_since": now - IDLE_ADMIN, "since": now - IDLE, "born_since": now - LIFETIME}


def by_name_or_email(text: str) -> Account | None:
    """Return the account that somebody means who types a name or an e-mail address; a name goes first."""
    named = db.session.scalar(select(Account).where(Account.name_key == name_key(text)))
    return named or db.session.scalar(select(Account).where(Account.email_key == _sought(text)))


def by_name(text: str) -> Account | None:
    """Return the active account with this name, however it is written."""
    return db.session.scalar(select(Account).where(Account.name_key == name_key(text), Account.is_active))


def account(account_id: int) -> Account | None:
    """Return an account by its number."""
    return db.session.get(Account, account_id)


def open_invitation(token: str, *, now: datetime) -> Invitation | None:
    """Return the invitation or reset link with this token while it can be used."""
    return db.session.scalar(_open_invitations(now).where(Invitation.token_hash == token_hash(token)))


def open_invitations(*, now: datetime) -> list[Invitation]:
    """Return the unused invitations to sign up, the newest first."""
    unused = _open_invitations(now).where(Invitation.account_id.is_(None))
    return list(db.session.scalars(unused.order_by(Invitation.created_at.desc(), Invitation.id.desc())))


def _open_invitations(now: datetime) -> Select[Invitation]:
    return select(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at > now)


def people(*, search: str = "", page: int = 1) -> Page[Person]:
    """Return a page of all accounts by name; `search` is a piece of a name or an e-mail address."""
    wanted = select(Account)
    if search.strip():
        wanted = wanted.where(
            or_(
                Account.name_key.contains(name_key(search), autoescape=True),
                Account.email_key.contains(_sought(search), autoescape=True),
            )
        )
    found = _page(wanted.order_by(Account.name_key), wanted, page=page)
    ids = [account.id for account in found.rows]
    last = select(SignIn.account_id, func.max(SignIn.seen_at)).where(SignIn.account_id.in_(ids))
    seen = dict(db.session.execute(last.group_by(SignIn.account_id)).all())
    return Page([Person(account, seen.get(account.id)) for account in found.rows], found.number, found.count)


def _sought(text: str) -> str:
    # PostgreSQL takes no NUL in a text, not even to look for one
    return email_key(text.replace("\0", ""))


def audit_entries(*, page: int = 1) -> Page[AuditEntry]:
    """Return a page of the audit log, the newest first."""
    entries = select(AuditEntry)
    ordered = entries.options(joinedload(AuditEntry.account)).order_by(AuditEntry.id.desc())
    return _page(ordered, entries, page=page)


def admin_count() -> int:
    """Return how many active admins there are."""
    return _count(select(Account).where(Account.is_admin.is_(True), Account.is_active.is_(True)))


def _count(statement: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def _page(ordered: Select[Row], unordered: Select[Row], *, page: int) -> Page[Row]:
    count = max(1, -(-_count(unordered) // PAGE_SIZE))
    number = min(max(1, page), count)
    rows = db.session.scalars(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(list(rows), number, count)
