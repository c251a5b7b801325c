"""The web server looks at leases: what runs without a living worker waits again, also where none starts any more."""

import logging
import threading

from flask import Flask

from app import clock
from app.queries import submissions, trial_runs
from app.services import workers

log = logging.getLogger(__name__)

LOOK_EVERY_S = 30.0


class LeaseWatch:
    """Puts back what lies lapsed at two looks in a row: a worker that was only held up renews its leases in between."""

    def __init__(self) -> None:
        self._seen: frozenset[tuple[str, int, int]] = frozenset()

    def start(self, app: Flask) -> None:
        """Look from a thread of its own for as long as the process lives."""
        threading.Thread(target=self._watch, args=(app,), name="lease-watch", daemon=True).start()

    def look(self) -> None:
        """Look once, within an application context."""
        now = clock.now()
        lapsed = frozenset(
            [("submission", *it) for it in submissions.lapsed(now)] + [("trial", *it) for it in trial_runs.lapsed(now)]
        )
        if lapsed & self._seen:
            count = workers.put_back_lapsed(now=now)
            log.warning("%s runs had no living worker behind them and wait again", count)
        self._seen = lapsed

    def _watch(self, app: Flask) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_EVERY_S):
            try:
                with app.app_context():
                    self.look()
            except Exception:
                # a locked or restarting database: the next look comes
                log.exception("leases cannot be looked at at the moment")
