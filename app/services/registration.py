"""New accounts: what somebody fills in, who may make one, and the first admin's on the command line."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.site import Site
from app.queries import site as site_queries
from app.rules import passwords as password_rules
from app.rules.emails import checked_email, domain_of, email_key
from app.rules.errors import N_, Conflict, Invalid, NotAllowed
from app.rules.names import display_name, name_key
from app.rules.states import SignUpPolicy
from app.rules.throttle import SIGN_UP_PER_ADDRESS, SIGN_UP_REFUSED_PER_ADDRESS
from app.services import audit, passwords, sessions, throttle

PRODUCT = "Shiai"
LONGEST_NAME = 60
# one row; a fixed number lets the database refuse a second
SITE_ID = 1


@dataclass(frozen=True)
class Entry:
    """What a new person fills in, found sound by `checked_entry`."""

    name: str
    email: str
    password: str
    language: str | None = None


@dataclass(frozen=True)
class Browser:
    """Where a session lives: the address it is used from and what the browser calls itself."""

    address: str
    agent: str


def checked_entry(*, name: str, email: str, password: str, site_name: str, language: str | None = None) -> Entry:
    """Return what somebody filled in, cleaned; Invalid names the field that cannot be accepted."""
    shown = display_name(name, longest=LONGEST_NAME, field="name")
    address = checked_email(email)
    password_rules.checked(password, own_words=(shown, address, site_name, PRODUCT))
    return Entry(shown, address, password, language)


def sign_up(entry: Entry, *, browser: Browser, now: datetime) -> str:
    """Make an account where the site lets people in by themselves, and return the token of its first session.

    Raises NotAllowed when an invitation is needed, Invalid for a name or an address that cannot be had, TooMany.
    """
    with writing() as session:
        _check_policy(entry)
        limits = {
            f"sign-up|{browser.address}": SIGN_UP_PER_ADDRESS,
            f"sign-up refused|{browser.address}": SIGN_UP_REFUSED_PER_ADDRESS,
        }
        _, refused = throttle.count_try(session, limits, now=now)
    password_hash = passwords.hashed(entry.password)
    with writing() as session:
        # the admin may have closed the door while the password was hashed
        _check_policy(entry)
        account = add(session, entry, password_hash=password_hash, now=now)
        throttle.forgive(session, [refused])
        audit.record(session, by=account, action="account.sign_up", subject=account.name, now=now)
        return sessions.begin(session, account, now=now, address=browser.address, agent=browser.agent)


def create_admin(entry: Entry, *, now: datetime) -> Account:
    """Make an admin from the machine's own command line; a site nobody set up starts with closed settings.

    Raises Invalid for a name or an address that cannot be had.
    """
    password_hash = passwords.hashed(entry.password)
    with writing() as session:
        account = add(session, entry, password_hash=password_hash, now=now)
        account.is_admin = True
        site = site_queries.site()
        if site.set_up_at is None:
            site.id = SITE_ID
            site.set_up_at = now
            session.add(site)
        audit.record(session, by=None, action="account.create_admin", subject=account.name, now=now)
    return account


def add(session: Session, entry: Entry, *, password_hash: str, now: datetime) -> Account:
    """Add an account within a running transaction; Invalid when the name or the address is taken."""
    check_name_is_free(session, entry.name)
    if email_is_taken(session, entry.email):
        raise refused_email()
    account = Account(
        name=entry.name,
        name_key=name_key(entry.name),
        email=entry.email,
        email_key=email_key(entry.email),
        password_hash=password_hash,
        is_admin=False,
        may_host=False,
        is_active=True,
        language=entry.language,
        created_at=now,
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:
        # a database with several writers: somebody was first between the look and the insert
        raise Conflict(N_("Somebody took this name or address at the same moment. Try again.")) from error
    return account


def check_name_is_free(session: Session, name: str, *, but: Account | None = None) -> None:
    """Raise Invalid when another account has a name that looks the same."""
    owner = session.scalar(select(Account.id).where(Account.name_key == name_key(name)))
    if owner is not None and (but is None or owner != but.id):
        raise Invalid(N_("The name %(name)s is taken. Choose another one."), "name", name=name)


def email_is_taken(session: Session, email: str) -> bool:
    """Whether an account has this e-mail address."""
    return session.scalar(select(Account.id).where(Account.email_key == email_key(email))) is not None


def refused_email() -> Invalid:
    """Return one refusal for a taken address and a strange domain, so that it tells nobody who has an account."""
    return Invalid(
        N_(
            "No account can be made with this e-mail address. If you already have an account, sign in; otherwise "
            "ask an administrator."
        ),
        "email",
    )


def _check_policy(entry: Entry) -> None:
    site: Site = site_queries.site()
    if site.set_up_at is None or site.sign_up is SignUpPolicy.INVITATION:
        raise NotAllowed(N_("You need an invitation link to make an account here. Ask an administrator for one."))
    if site.sign_up is SignUpPolicy.DOMAINS and domain_of(entry.email) not in site.sign_up_domains:
        raise refused_email()
