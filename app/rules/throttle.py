"""How often something may be tried: a limit over a sliding window, and how long to wait once it is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True)
class Limit:
    """At most `count` tries within `window`."""

    count: int
    window: timedelta


SIGN_IN_PER_PERSON_AND_ADDRESS = Limit(10, timedelta(minutes=15))
SIGN_IN_PER_ADDRESS = Limit(100, timedelta(hours=1))
# Past this many failures for one account from anywhere, every address gets few tries at it. It slows guessing from
# many addresses and still lets the owner in, who needs one try: nobody can lock somebody else out.
SIGN_IN_PER_PERSON = Limit(50, timedelta(hours=1))
SIGN_IN_UNDER_ATTACK = Limit(3, timedelta(minutes=15))
# A class or a whole company signs up within an hour, behind one proxy: many accounts are no sign of an attack. Being
# told again and again that a name or an address is taken is one.
SIGN_UP_PER_ADDRESS = Limit(200, timedelta(hours=1))
SIGN_UP_REFUSED_PER_ADDRESS = Limit(20, timedelta(hours=1))
CONFIRM_PER_ACCOUNT = Limit(10, timedelta(minutes=15))
WRONG_TOKENS_PER_ADDRESS = Limit(30, timedelta(minutes=15))
SENDS_BY_TOKEN = Limit(60, timedelta(hours=1))
LONGEST_WINDOW = timedelta(hours=1)


def seconds_to_wait(tries: Sequence[datetime], limit: Limit, *, now: datetime) -> int:
    """Return after how many whole seconds one more try is allowed; 0 when it is allowed now.

    `tries` are the moments of earlier tries that counted, in any order.
    """
    recent = sorted(at for at in tries if now - limit.window < at)
    if len(recent) < limit.count:
        return 0
    return max(1, ceil((recent[-limit.count] + limit.window - now).total_seconds()))


def sign_in_limit(failures_of_person: Sequence[datetime], *, now: datetime) -> Limit:
    """Return the limit for one address at one account, given the account's failures from everywhere."""
    if seconds_to_wait(failures_of_person, SIGN_IN_PER_PERSON, now=now):
        return SIGN_IN_UNDER_ATTACK
    return SIGN_IN_PER_PERSON_AND_ADDRESS
