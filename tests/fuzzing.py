"""How many examples hypothesis draws: few in `make test`, many times as many in `make fuzz`.

No example has a deadline: how long one takes on a busy machine says nothing.
"""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ", "1"))
settings.register_profile(
    "house", max_examples=100 * TIMES, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


def few(number, *also):
    """Return settings for so many examples in `make test`; `also` are further health checks to leave out."""
    return settings(max_examples=number * TIMES, suppress_health_check=[HealthCheck.too_slow, *also])
