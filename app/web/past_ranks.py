"""Ranks to compare with: those of a moment in the past, which does not change, and those of a board in one version.

Each is worked out once and kept for a while.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import current_app

from app import clock
from app.models.challenges import PhaseSplit
from app.queries import board_rows, leaderboards, past_boards
from app.web import locale
from app.web.kept import Kept

# moments that people come back from are taken together, so that those who came yesterday share their ranks
QUARTER = 15

Ranks = Mapping[int, int]


def _kept() -> Kept[Ranks]:
    known: Kept[Ranks] = current_app.extensions.setdefault("kept_ranks", Kept())
    return known


def ranks(split: PhaseSplit, since: datetime) -> Ranks | None:
    """Return the ranks at a moment, None where the board had none then or what it had is not for everybody."""
    if split.past_from is not None and since < split.past_from:
        return None
    return _kept().get((split.id, since), lambda: past_boards.ranks_at(split.id, since)) or None


def ranks_now(split: PhaseSplit) -> Ranks:
    """Return the ranks of a board in its present version."""
    return _kept().get((split.id, leaderboards.version_of(split.id)), lambda: board_rows.ranks(split.id))


def since_asked(wish: str | None) -> datetime:
    """Return the moment that an address names (2026-11-23T15:00Z), `rounded`; today's midnight of the site if none.

    A moment to come is no past, and one before there were boards is as good as any.
    """
    now = clock.now()
    try:
        asked = datetime.fromisoformat(wish) if wish else None
    except ValueError:
        asked = None
    if asked is None or asked.tzinfo is None or asked.year < 2000 or asked >= now:
        return now.astimezone(locale.server_zone()).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    return rounded(asked)


def rounded(moment: datetime) -> datetime:
    """Return the begin of the quarter of an hour that holds a moment."""
    at = moment.astimezone(UTC)
    return at.replace(minute=at.minute - at.minute % QUARTER, second=0, microsecond=0)


def written(moment: datetime) -> str:
    """Write a moment as addresses name it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
