"""What an admin does to people's accounts. Each switch takes the wished state, so that a second click is harmless."""

from datetime import datetime

from app.extensions import writing
from app.models.accounts import Account
from app.queries import accounts as account_queries
from app.rules.emails import checked_email, email_key
from app.rules.errors import N_, Conflict, Invalid
from app.services import audit, credentials, registration, sessions


def set_active(person: Account, *, on: bool, by: Account, now: datetime) -> None:
    """Let a person sign in, or stop that at once: sessions end and reset links die. Conflict for the last admin."""
    with writing() as session:
        if person.is_active == on:
            return
        if not on:
            _spare_last_admin(person)
            sessions.end_all(session, person)
            credentials.drop_reset_links(session, person)
        person.is_active = on
        action = "account.activate" if on else "account.deactivate"
        audit.record(session, by=by, action=action, subject=person.name, now=now)


def set_admin(person: Account, *, on: bool, by: Account, now: datetime) -> None:
    """Make a person an admin, or no longer one. Sessions end, so that none carries the old role.

    Raises Conflict for the last admin.
    """
    with writing() as session:
        if person.is_admin == on:
            return
        if not on:
            _spare_last_admin(person)
        person.is_admin = on
        sessions.end_all(session, person)
        action = "account.make_admin" if on else "account.unmake_admin"
        audit.record(session, by=by, action=action, subject=person.name, now=now)


def set_may_host(person: Account, *, on: bool, by: Account, now: datetime) -> None:
    """Name a person as somebody who may host, or no longer."""
    with writing() as session:
        if person.may_host == on:
            return
        person.may_host = on
        action = "account.allow_hosting" if on else "account.disallow_hosting"
        audit.record(session, by=by, action=action, subject=person.name, now=now)


def change_email(person: Account, *, email: str, by: Account, now: datetime) -> None:
    """Change somebody's e-mail address; reset links die. Invalid for what is no address or belongs to somebody else."""
    address = checked_email(email)
    with writing() as session:
        is_new = email_key(address) != person.email_key
        if is_new and registration.email_is_taken(session, address):
            raise Invalid(N_("Somebody else has this e-mail address."), "email")
        details = {"before": person.email, "after": address}
        person.email, person.email_key = address, email_key(address)
        credentials.drop_reset_links(session, person)
        audit.record(session, by=by, action="account.change_email", subject=person.name, details=details, now=now)


def _spare_last_admin(person: Account) -> None:
    if person.is_admin and person.is_active and account_queries.admin_count() == 1:
        raise Conflict(
            N_("%(name)s is the only administrator left. Make somebody else an administrator first."), name=person.name
        )
