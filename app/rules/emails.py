"""E-mail addresses: what one looks like, when two are the same, and which domain one belongs to.

No mail is ever sent, so an address is a name that must be unambiguous: plain ASCII, which has no look-alike letters.
"""

import re

from app.rules.errors import N_, Invalid

LONGEST = 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")


def checked_email(text: str, *, field: str = "email") -> str:
    """Return the address without surrounding blanks; raise Invalid when it is none.

    A domain of one word (`anna@lab`) is allowed: such names are in use inside companies.
    """
    email = text.strip()
    local, at, domain = email.rpartition("@")
    good = len(email) <= LONGEST and at and len(local) <= 64 and _LOCAL.match(local) and is_domain(domain)
    if not good:
        raise Invalid(
            N_("This is not an e-mail address. Write one address in plain letters, such as anna@example.com."),
            field=field,
        )
    return email


def email_key(email: str) -> str:
    """Return the form in which equal addresses are equal."""
    return email.strip().casefold()


def domain_of(email: str) -> str:
    """Return the domain of an address, folded."""
    return email_key(email).rpartition("@")[2]


def is_domain(text: str) -> bool:
    """Whether the text can stand after the @ of an address."""
    return len(text) <= 253 and all(_LABEL.match(label) for label in text.split("."))


def checked_domains(text: str, *, field: str) -> list[str]:
    """Return the domains in a text, separated by commas, blanks or lines; Invalid names the first that is none."""
    domains = []
    for word in filter(None, re.split(r"[\s,;]+", text)):
        domains.append(word.lstrip("@").casefold())
        if not is_domain(domains[-1]):
            raise Invalid(
                N_("%(domain)s is not an e-mail domain. Write domains such as example.com, separated by commas."),
                field=field,
                domain=word[:80],
            )
    return list(dict.fromkeys(domains))
