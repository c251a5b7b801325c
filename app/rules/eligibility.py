"""Whom a challenge takes by e-mail address: domains and addresses, allowed and blocked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.rules.emails import checked_email, domain_of, email_key, is_domain
from app.rules.errors import N_, Invalid


@dataclass(frozen=True)
class Eligibility:
    """What a host said of addresses: `allowed` and `blocked` are domains, `admitted` and `banned` whole addresses.

    Without `allowed` and `admitted` everybody is let in who is not kept out. An address weighs more than its domain.
    """

    allowed: Iterable[str] = field(default_factory=tuple)
    admitted: Iterable[str] = field(default_factory=tuple)
    blocked: Iterable[str] = field(default_factory=tuple)
    banned: Iterable[str] = field(default_factory=tuple)

    def admits(self, email: str) -> bool:
        """Whether somebody with this address may take part."""
        address = email_key(email)
        if address in map(email_key, self.banned):
            return False
        if address in map(email_key, self.admitted):
            return True
        domain = domain_of(address)
        if any(_is_in(domain, it) for it in self.blocked):
            return False
        allowed = list(self.allowed)
        return any(_is_in(domain, it) for it in allowed) if allowed else not list(self.admitted)


def domains_and_addresses(text: str, *, field: str) -> tuple[list[str], list[str]]:
    """Return the domains and the whole addresses in a text, separated by commas, blanks or lines.

    Raises Invalid for the first that is neither.
    """
    domains, addresses = [], []
    for word in filter(None, re.split(r"[\s,;]+", text)):
        if "@" in word[1:]:
            addresses.append(email_key(checked_email(word, field=field)))
            continue
        domain = word.lstrip("*@.").casefold()
        if not is_domain(domain):
            raise Invalid(
                N_("%(word)s is neither a domain such as example.com nor an e-mail address."), field, word=word[:80]
            )
        domains.append(domain)
    return list(dict.fromkeys(domains)), list(dict.fromkeys(addresses))


def _is_in(domain: str, said: str) -> bool:
    """Whether a domain is the one meant or lies below it; EvalAI compares endings, so that `b.com` admits `ab.com`."""
    wanted = said.strip().lstrip("*@.").casefold()
    return domain == wanted or domain.endswith(f".{wanted}")
