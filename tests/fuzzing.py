"""How many examples hypothesis draws: few in `make test`, many times as many in `make fuzz`.

No example has a deadline: how long one takes on a busy machine says nothing. `make fuzz` bounds its processor time
and memory instead.
"""

import itertools
import os
import time
import tracemalloc
from contextlib import contextmanager

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ", "1"))
MOST_SECONDS, MOST_BYTES = 1.0, 64 * 1024**2
_WEIGHED = 25  # one example in so many: tracing allocations makes it several times as slow
_counter = itertools.count(1)
settings.register_profile(
    "house", max_examples=100 * TIMES, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


def few(number, *also):
    """Return settings for so many examples in `make test`; `also` are further health checks to leave out."""
    return settings(max_examples=number * TIMES, suppress_health_check=[HealthCheck.too_slow, *also])


@contextmanager
def within_bounds():
    """Fail under `make fuzz` when what is inside takes a second of processor time or 64 MiB."""
    if TIMES == 1 or tracemalloc.is_tracing():
        yield
    elif next(_counter) % _WEIGHED:
        began = time.process_time()
        yield
        taken = time.process_time() - began
        assert taken < MOST_SECONDS, f"{taken:.2f} s"
    else:
        tracemalloc.start()
        try:
            yield
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < MOST_BYTES, f"{peak / 1024**2:.0f} MiB"
