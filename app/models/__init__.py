"""Every table; importing this package is enough for the migrations to know them all."""

from app.models import (
    accounts,
    challenges,
    environments,
    leaderboards,
    participation,
    site,
    submissions,
    teams,
    tokens,
    trials,
    uploads,
    versions,
)
from app.models.base import Base

__all__ = [
    "Base",
    "accounts",
    "challenges",
    "environments",
    "leaderboards",
    "participation",
    "site",
    "submissions",
    "teams",
    "tokens",
    "trials",
    "uploads",
    "versions",
]
