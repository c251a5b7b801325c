"""Who a program speaks for: `Authorization: Bearer …`, on the few addresses that take it, and nothing else there.

A cookie is not looked at on these addresses and a token on no other, so neither can be used in the other's place.
"""

from flask import abort, request

from app import clock
from app.queries import tokens as token_queries
from app.services import tokens
from app.web.auth import speak_for


def admit(*, sends: bool) -> None:
    """Find out who sent a request with a token; 401 without one that is good, 429 after too many wrong ones.

    `sends` counts it as a file to be sent, before its body is read.
    """
    speak_for(None)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        abort(401)
    now = clock.now()
    found = token_queries.live(token.strip(), now=now)
    if found is None:
        tokens.count_wrong(request.remote_addr or "unknown", now=now)
        abort(401)
    account = found.account
    tokens.used(found, now=now)
    if sends:
        tokens.count_sending(account, now=now)
    speak_for(account)
