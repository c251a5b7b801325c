"""The small cast of the tests. Each function commits one thing and returns it; what is not said gets a sensible value."""

import itertools

from app import clock
from app.extensions import writing
from app.models.accounts import Account
from app.models.site import Site
from app.rules.emails import email_key
from app.rules.names import name_key
from app.rules.states import HostingPolicy, SignUpPolicy
from app.services import passwords

PASSWORD = "plum harbour seventeen"

_numbers = itertools.count(1)


def make_site(**changes):
    """Set the site up."""
    values = {
        "id": 1,
        "name": "Shiai",
        "sign_up": SignUpPolicy.OPEN,
        "sign_up_domains": [],
        "hosting": HostingPolicy.NAMED,
        "visitors_may_read": True,
        "set_up_at": clock.now(),
    }
    with writing() as session:
        return session.merge(Site(**(values | changes)))


def make_account(name=None, *, email=None, password=PASSWORD, **changes):
    """Add a person who can sign in with PASSWORD."""
    name = name or f"Person {next(_numbers)}"
    email = email or f"{name.lower().replace(' ', '.')}@example.com"
    values = {
        "name": name,
        "name_key": name_key(name),
        "email": email,
        "email_key": email_key(email),
        "password_hash": passwords.hashed(password),
        "is_admin": False,
        "may_host": False,
        "is_active": True,
        "created_at": clock.now(),
    }
    with writing() as session:
        account = Account(**(values | changes))
        session.add(account)
    return account


def make_admin(name="Ada", **changes):
    """Add an administrator."""
    return make_account(name, is_admin=True, **changes)


def make_host(name="Hana", **changes):
    """Add a person who may host challenges."""
    return make_account(name, may_host=True, **changes)
