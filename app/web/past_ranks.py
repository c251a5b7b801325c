"""Ranks as they were: the past does not change, so each moment of a board is worked out once and kept for a while."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import current_app

from app import clock
from app.models.challenges import PhaseSplit
from app.queries import past_boards
from app.web import locale

MOST = 16


class PastRanks:
    """The ranks that one application looked up last; used by all its threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, datetime], Mapping[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, split: PhaseSplit, moment: datetime) -> Mapping[int, int]:
        """Return the rank of each team that stood on the board at a moment."""
        key = (split.id, moment)
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = past_boards.ranks_at(split.id, moment)
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found


def ranks(split: PhaseSplit, since: datetime) -> Mapping[int, int] | None:
    """Return the ranks at a moment, None where the board had none then or what it had is not for everybody."""
    if split.past_from is not None and since < split.past_from:
        return None
    kept: PastRanks = current_app.extensions.setdefault("past_ranks", PastRanks())
    return kept.at(split, since) or None


def since_asked(wish: str | None) -> datetime:
    """Return the moment that an address names (2026-11-23T15:00Z), to the minute; today's midnight of the site if none.

    A moment to come is no past, and one before there were boards is as good as any.
    """
    now = clock.now()
    try:
        asked = datetime.fromisoformat(wish) if wish else None
    except ValueError:
        asked = None
    if asked is None or asked.tzinfo is None or asked.year < 2000 or asked >= now:
        return now.astimezone(locale.server_zone()).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    return asked.astimezone(UTC).replace(second=0, microsecond=0)


def written(moment: datetime) -> str:
    """Write a moment as addresses name it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
