"""Open boards as they were loaded last: after a score every browser that shows one asks within a second or two.

`board_watch.py` says that a board is open to everybody and which state it is in. Until that changes, and for 1 s at
most, what stands around its rows need not be asked for again, nor who is there.
"""

import threading
import time
from dataclasses import dataclass

from flask import current_app, request

from app.board_watch import KEPT_S, OPEN_STATE
from app.models.challenges import PhaseSplit
from app.models.site import Site
from app.queries import challenges
from app.web.settings import current_site, remember_site


@dataclass(frozen=True)
class Known:
    """A board with its phase and challenge, the settings of the site, and the state they were loaded in."""

    state: str
    split: PhaseSplit
    site: Site
    until: float


class KnownBoards:
    """What one application loaded of open boards, at most one entry a board; used by all its threads."""

    def __init__(self) -> None:
        self._known: dict[int, Known] = {}
        self._lock = threading.Lock()

    def get(self, phase_split_id: int, state: str) -> Known | None:
        """Return a board in this state; None when there is no such board."""
        with self._lock:
            found = self._known.get(phase_split_id)
        if found is None or found.state != state or time.monotonic() > found.until:
            split = challenges.phase_split_apart(phase_split_id)
            if split is None:
                return None
            found = Known(state, split, current_site(), time.monotonic() + KEPT_S)
            with self._lock:
                self._known[phase_split_id] = found
        return found


def state() -> str | None:
    """Return the state of the open board that is asked for, None when the board may not be everybody's."""
    found: str | None = request.environ.get(OPEN_STATE)
    return found


def opened(phase_split_id: int) -> PhaseSplit | None:
    """Return a board that everybody may read, None when it must be asked for in the ordinary way.

    It belongs to no database session: nothing but what was loaded with it can be read.
    """
    its_state = state()
    if its_state is None:
        return None
    kept: KnownBoards = current_app.extensions.setdefault("known_boards", KnownBoards())
    found = kept.get(phase_split_id, its_state)
    if found is None:
        return None
    remember_site(found.site)
    return found.split
