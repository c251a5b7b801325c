"""Filling an instance: a site, people, the challenges that are measured, teams."""

import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app import clock
from app.bundles.check import check
from app.extensions import db, store, writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.site import Site
from app.models.teams import Membership, Team
from app.queries import challenges as challenge_queries
from app.rules.states import HostingPolicy, SignUpPolicy
from app.services import bundles, challenges, participation, passwords, registration
from app.services.registration import SITE_ID, Entry
from benchmarks import bundle
from benchmarks.product import Product

PASSWORD = secrets.token_urlsafe(16)
HOST = "host"


@dataclass(frozen=True)
class Field:
    """A challenge to be measured: where its pages are and the numbers of its phase and its board."""

    slug: str
    challenge_id: int
    phase_id: int
    board_id: int
    version_id: int


def found(product: Product, *names: str, people: int = 1) -> tuple[list[Field], list[str]]:
    """Set the site up with challenges (keys of bundle.SCRIPTS) and people; each takes part in each, in a team of one.

    Returns the challenges and the people's e-mail addresses; all of them have PASSWORD.
    """
    with product.app.app_context():
        accounts = _people(people)
        fields = [_challenge(name, accounts[0], accounts[1:]) for name in names]
        return fields, [account.email for account in accounts[1:]]


def _people(count: int) -> list[Account]:
    now, password_hash = clock.now(), passwords.hashed(PASSWORD)
    with writing() as session:
        site = Site(id=SITE_ID, name="Bench", sign_up=SignUpPolicy.OPEN, hosting=HostingPolicy.EVERYBODY)
        site.visitors_may_read, site.set_up_at = True, now
        session.add(site)
        return [
            registration.add(
                session,
                Entry(name, f"{name.replace(' ', '.').lower()}@example.com", PASSWORD),
                password_hash=password_hash,
                now=now,
            )
            for name in (HOST, *(f"Person {number:04}" for number in range(1, count + 1)))
        ]


def _challenge(name: str, host: Account, people: Sequence[Account]) -> Field:
    with tempfile.TemporaryDirectory(dir=store.parts) as folder:
        path = bundle.write_bundle(name, Path(folder))
        checked = check(path, work_dir=Path(folder) / "work", default_zone="UTC")
        if not checked.ok:
            raise RuntimeError("\n".join(problem.text() for problem in checked.problems))
        made = bundles.import_bundle(checked, zip_path=path, file_name=path.name, by=host, now=clock.now())
    challenges.approve_from_console(made, now=clock.now())
    for person in people:
        participation.join_alone(made, by=person, accepts_rules=True, now=clock.now())
    return _field(made)


def _field(made: Challenge) -> Field:
    split = challenge_queries.phase_splits_of(made.id)[0]
    return Field(made.slug, made.id, split.phase_id, split.id, made.version_id or 0)


def teams(field: Field) -> list[tuple[int, int]]:
    """Return the number of each team of a challenge with that of its first member."""
    found = db.session.execute(
        select(Membership.team_id, Membership.account_id).where(Membership.challenge_id == field.challenge_id)
    )
    return [(row.team_id, row.account_id) for row in found]


def add_teams(field: Field, count: int) -> list[int]:
    """Add teams without members, quickly, and return their numbers."""
    with writing() as session:
        teams = [
            Team(
                challenge_id=field.challenge_id,
                name=f"Team {number:06}",
                name_key=f"team {number:06}",
                created_at=clock.now(),
            )
            for number in range(count)
        ]
        session.add_all(teams)
        session.flush()
        return [team.id for team in teams]
