"""Failed tries, kept in the database so that a restart forgives nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models.accounts import FailedTry
from app.rules.errors import N_, TooMany
from app.rules.throttle import LONGEST_WINDOW, Limit, seconds_to_wait


def count_try(session: Session, limits: Mapping[str, Limit | None], *, now: datetime) -> list[int]:
    """Count one try under every key, before its outcome is known, so that parallel tries cannot slip through.

    A key with the limit None is only counted. Raises TooMany with the longest wait when a limit is reached; nothing is
    counted then. The numbers returned are for `forgive`, when the try turns out well.
    """
    session.execute(delete(FailedTry).where(FailedTry.at <= now - LONGEST_WINDOW))
    limited = [(key, limit) for key, limit in limits.items() if limit is not None]
    seconds = max((seconds_to_wait(tries_under(session, key), limit, now=now) for key, limit in limited), default=0)
    if seconds:
        raise TooMany(
            N_("Too many attempts in a short time. Try again in %(minutes)s min."),
            retry_after=seconds,
            minutes=-(-seconds // 60),
        )
    rows = [FailedTry(key=key, at=now) for key in limits]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def tries_under(session: Session, key: str) -> list[datetime]:
    """Return when tries under a key were counted."""
    return list(session.scalars(select(FailedTry.at).where(FailedTry.key == key)))


def forgive(session: Session, try_ids: Iterable[int]) -> None:
    """Take counted tries back."""
    session.execute(delete(FailedTry).where(FailedTry.id.in_(try_ids)))
