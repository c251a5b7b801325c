"""The installation's own settings and health."""

from sqlalchemy import inspect, select

from app.extensions import db
from app.models.site import Site, WorkerBeat

_SITE = select(Site).limit(1)


def has_tables() -> bool:
    """Say whether the database was ever prepared."""
    return inspect(db.engine).has_table(Site.__tablename__)


def site() -> Site:
    """Return the one row of site settings; before set-up, one that lives only in memory and is closed to everybody."""
    found = db.session.scalar(_SITE)
    if found is not None:
        return found
    return Site(name="Shiai", sign_up_domains=[], visitors_may_read=False, set_up_at=None)


def worker() -> WorkerBeat | None:
    """Return what the worker last said of itself."""
    return db.session.scalar(select(WorkerBeat).limit(1))
