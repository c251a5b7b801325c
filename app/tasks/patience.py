"""Writing down what took minutes to find out, also when the database is away just then."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from app import engines

log = logging.getLogger(__name__)
PAUSE_S = 2.0
Answer = TypeVar("Answer")


def sooner_or_later(ask: Callable[[], Answer], *, what: str = "a result") -> Answer:
    """Call what reads or records an evaluation, again and again while the database does not answer.

    The result is worth the wait: without it the evaluation would be run again, and costs an attempt. Other errors are
    the caller's.
    """
    while True:
        try:
            return ask()
        except Exception as problem:
            if not (engines.is_away(problem) or engines.is_full(problem)):
                raise
            log.warning("%s waits for the database: %s", what, engines.in_a_line(problem))
        time.sleep(PAUSE_S)
