"""One-time links that an admin hands over: to sign up, or to set a new password that the admin never sees."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account, Invitation
from app.queries import accounts as account_queries
from app.queries import site as site_queries
from app.queries.accounts import token_hash
from app.rules import passwords as password_rules
from app.rules.emails import checked_email, email_key
from app.rules.errors import N_, Conflict, Invalid, NotFound
from app.services import audit, credentials, passwords, registration, sessions
from app.services.registration import PRODUCT, Browser, Entry

INVITATION_LIFETIME = timedelta(days=7)
RESET_LIFETIME = timedelta(hours=24)
DEAD_LINK = N_("This link was used already, has expired or was withdrawn. Ask an administrator for a new one.")


def invite(*, by: Account, email: str, now: datetime) -> str:
    """Make an invitation to sign up and return its token; with an e-mail address it is good for that one only.

    Raises Invalid for what is no address or belongs to an account.
    """
    address = checked_email(email) if email.strip() else None
    with writing() as session:
        if address and registration.email_is_taken(session, address):
            raise Invalid(N_("Somebody with this e-mail address has an account already."), "email")
        token = _add(session, by=by, email=address, account=None, expires_at=now + INVITATION_LIFETIME, now=now)
        audit.record(session, by=by, action="invitation.make", subject=address or "anybody", now=now)
    return token


def withdraw(invitation_id: int, *, by: Account, now: datetime) -> None:
    """Make an unused invitation useless; NotFound when it was used, withdrawn or is none."""
    with writing() as session:
        invitation = session.get(Invitation, invitation_id)
        if invitation is None or invitation.used_at is not None or invitation.account_id is not None:
            raise NotFound(N_("This invitation was used or withdrawn already."))
        audit.record(session, by=by, action="invitation.withdraw", subject=invitation.email or "anybody", now=now)
        session.delete(invitation)


def accept(token: str, entry: Entry, *, browser: Browser, now: datetime) -> str:
    """Make an account with an invitation, whatever the site's policy is, and return the token of its first session.

    Raises NotFound for a link that cannot be used, Invalid for a name or an address that cannot be had.
    """
    _check_open(token, now=now)
    password_hash = passwords.hashed(entry.password)
    with writing() as session:
        invitation = _use(session, token, now=now)
        if invitation.account_id is not None:
            raise _dead_link()
        if invitation.email is not None and email_key(invitation.email) != email_key(entry.email):
            raise Invalid(N_("This invitation is for another e-mail address."), "email")
        account = registration.add(session, entry, password_hash=password_hash, now=now)
        details = {"invitation": invitation.id}
        audit.record(session, by=account, action="account.sign_up", subject=account.name, details=details, now=now)
        return sessions.begin(session, account, now=now, address=browser.address, agent=browser.agent)


def make_reset_link(person: Account, *, by: Account, now: datetime) -> str:
    """Make a link with which a person sets a new password within a day, and return its token; older ones die.

    Raises Conflict when the account is not active.
    """
    with writing() as session:
        if not person.is_active:
            raise Conflict(N_("%(name)s cannot sign in at the moment. Activate the account first."), name=person.name)
        credentials.drop_reset_links(session, person)
        token = _add(session, by=by, email=None, account=person, expires_at=now + RESET_LIFETIME, now=now)
        audit.record(session, by=by, action="account.make_reset_link", subject=person.name, now=now)
    return token


def reset_password(token: str, password: str, *, browser: Browser, now: datetime) -> str:
    """Set a new password with a reset link, end every session, and return the token of a new one.

    Raises NotFound for a link that cannot be used, Invalid for a weak password.
    """
    _check_password(token, password, now=now)
    password_hash = passwords.hashed(password)
    with writing() as session:
        invitation = _use(session, token, now=now)
        account = session.get(Account, invitation.account_id) if invitation.account_id else None
        if account is None or not account.is_active:
            raise _dead_link()
        credentials.set_password(session, account, password_hash)
        audit.record(session, by=account, action="account.reset_password", subject=account.name, now=now)
        return sessions.begin(session, account, now=now, address=browser.address, agent=browser.agent)


def _check_open(token: str, *, now: datetime) -> Invitation:
    invitation = account_queries.open_invitation(token, now=now)
    if invitation is None:
        raise _dead_link()
    return invitation


def _check_password(token: str, password: str, *, now: datetime) -> None:
    invitation = _check_open(token, now=now)
    person = account_queries.account(invitation.account_id) if invitation.account_id else None
    if person is None:
        raise _dead_link()
    password_rules.checked(password, own_words=(person.name, person.email, site_queries.site().name, PRODUCT))


def _add(
    session: Session, *, by: Account, email: str | None, account: Account | None, expires_at: datetime, now: datetime
) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            token_hash=token_hash(token),
            email=email,
            account_id=account.id if account else None,
            created_by_id=by.id,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


def _use(session: Session, token: str, *, now: datetime) -> Invitation:
    """Mark a link as used; the database decides when two come at once."""
    used = session.scalar(
        update(Invitation)
        .where(Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(used_at=now)
        .returning(Invitation.id)
    )
    if used is None:
        raise _dead_link()
    return session.scalars(select(Invitation).where(Invitation.id == used)).one()


def _dead_link() -> NotFound:
    return NotFound(DEAD_LINK)
