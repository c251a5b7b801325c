"""The installation: its one-time set-up by the first admin, and the settings an admin changes later."""

import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from pathlib import Path

from app.extensions import store, writing
from app.models.accounts import Account
from app.models.site import Site
from app.queries import accounts as account_queries
from app.queries import site as site_queries
from app.rules.emails import checked_domains
from app.rules.errors import N_, Conflict, Invalid, NotFound
from app.rules.names import display_name
from app.rules.states import HostingPolicy, SignUpPolicy
from app.services import audit, passwords, registration, sessions
from app.services.registration import LONGEST_NAME, SITE_ID, Browser, Entry

TOKEN_FILE = "setup-token"  # noqa: S105 - a file's name
TOKEN_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class Choices:
    """What the admin chooses for the site, found sound by `checked_choices`."""

    name: str
    timezone: str
    language: str
    sign_up: SignUpPolicy
    sign_up_domains: list[str]
    hosting: HostingPolicy
    visitors_may_read: bool


def checked_choices(
    *,
    name: str,
    timezone: str,
    language: str,
    sign_up: SignUpPolicy,
    sign_up_domains: str,
    hosting: HostingPolicy,
    visitors_may_read: bool,
) -> Choices:
    """Return what an admin filled in, cleaned; Invalid names the field that cannot be accepted."""
    domains = checked_domains(sign_up_domains, field="sign_up_domains")
    if sign_up is SignUpPolicy.DOMAINS and not domains:
        raise Invalid(N_("Write at least one e-mail domain, such as example.com."), "sign_up_domains")
    shown = display_name(name, longest=LONGEST_NAME, field="site_name")
    return Choices(shown, timezone, language, sign_up, domains, hosting, visitors_may_read)


def setup_link_token(now: datetime) -> str | None:
    """Return the token of the set-up link, making one when there is none that still works; None once an admin exists.

    It lies in the data directory, 0600, for an hour: whoever can read that file runs this machine.
    """
    if site_queries.site().set_up_at is not None or account_queries.admin_count():
        _token_path().unlink(missing_ok=True)
        return None
    kept = _kept_token()
    if kept and now < kept[1]:
        return kept[0]
    token = secrets.token_urlsafe(32)
    _keep_token(token, now + TOKEN_LIFETIME)
    return token


def may_set_up(token: str, *, now: datetime) -> bool:
    """Whether the set-up link with this token works: right, not expired, and nobody was first."""
    kept = _kept_token()
    if kept is None or now >= kept[1] or not compare_digest(kept[0].encode(), token.encode(errors="replace")):
        return False
    return site_queries.site().set_up_at is None and account_queries.admin_count() == 0


def set_up(token: str, *, entry: Entry, choices: Choices, browser: Browser, now: datetime) -> str:
    """Make the first admin and the site's settings in one step, and return the token of the admin's session.

    Raises NotFound for a link that does not work (any more), Invalid for what was filled in.
    """
    if not may_set_up(token, now=now):
        raise NotFound
    password_hash = passwords.hashed(entry.password)
    with writing() as session:
        if not may_set_up(token, now=now):
            raise NotFound
        admin = registration.add(session, entry, password_hash=password_hash, now=now)
        admin.is_admin = True
        site = Site(id=SITE_ID, set_up_at=now, **asdict(choices))
        session.add(site)
        audit.record(session, by=admin, action="site.set_up", subject=site.name, details=asdict(choices), now=now)
        session_token = sessions.begin(session, admin, now=now, address=browser.address, agent=browser.agent)
    _token_path().unlink(missing_ok=True)
    return session_token


def change_site(choices: Choices, *, by: Account, now: datetime) -> None:
    """Change the site's settings; they hold from the next request on. Conflict before the site was set up."""
    with writing() as session:
        site = session.get(Site, SITE_ID)
        if site is None:
            raise Conflict(N_("The site is not set up yet."))
        before, after = asdict(current_choices(site)), asdict(choices)
        for name, value in after.items():
            setattr(site, name, value)
        changed = audit.changes(before, after)
        audit.record(session, by=by, action="site.change", subject=site.name, details=changed, now=now)


def current_choices(site: Site) -> Choices:
    """Return the settings of a site as one value."""
    return Choices(
        site.name,
        site.timezone or "",
        site.language or "",
        site.sign_up,
        list(site.sign_up_domains),
        site.hosting,
        site.visitors_may_read,
    )


def _token_path() -> Path:
    return store.root.parent / TOKEN_FILE


def _kept_token() -> tuple[str, datetime] | None:
    """Return the token and when it expires, None when there is none that can be read."""
    try:
        token, expiry = _token_path().read_text(encoding="utf-8").split()
        return token, datetime.fromisoformat(expiry)
    except (OSError, ValueError):
        return None


def _keep_token(token: str, expires_at: datetime) -> None:
    path = _token_path()
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{token}\n{expires_at.isoformat()}\n")
