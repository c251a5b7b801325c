"""The people of the demo: one company, whose accounts have random passwords."""

from collections.abc import Mapping
from datetime import datetime

from app.extensions import writing
from app.models.accounts import Account
from app.models.site import Site
from app.rules.states import HostingPolicy, SignUpPolicy
from app.services import passwords, registration
from app.services.registration import SITE_ID, Entry

ADMIN, HOST = "admin", "host"


def found_company(names: Mapping[str, str], *, secret: Mapping[str, str], now: datetime) -> dict[str, Account]:
    """Set the site up with an admin, a host and these people (handle -> name), and return the accounts by handle.

    `secret` holds each one's password.
    """
    hashes = {handle: passwords.hashed(secret[handle]) for handle in names}
    with writing() as session:
        site = Site(id=SITE_ID, name="Shiai", sign_up=SignUpPolicy.OPEN, hosting=HostingPolicy.NAMED)
        site.visitors_may_read, site.set_up_at = True, now
        session.add(site)
        people = {
            handle: registration.add(
                session,
                Entry(name, f"{handle}@example.com", secret[handle]),
                password_hash=hashes[handle],
                now=now,
            )
            for handle, name in names.items()
        }
        people[ADMIN].is_admin = True
        people[HOST].may_host = True
    return people
