"""Browsers of the people of one challenge; the world of tests/world.py, built once and copied for every test."""

import shutil

import pytest

from app import create_app
from app.extensions import db
from app.models.accounts import Account
from tests import databases
from tests import world as worlds
from tests.conftest import settings_in
from tests.factories import make_account, make_admin, make_team
from tests.pages import Pages


@pytest.fixture
def host(pages, hana, challenge):
    """The browser of Hana, whose challenge is there."""
    return pages.signed_in(hana)


@pytest.fixture
def team(challenge):
    """The Bobcats: Bob alone."""
    return make_team(challenge, make_account("Bob"), name="Bobcats")


@pytest.fixture
def bob(pages, team):
    """The browser of who leads the team."""
    return pages.signed_in(team.members[0].account)


@pytest.fixture
def ada(site):
    """An administrator."""
    return make_admin()


@pytest.fixture
def admin(pages, ada):
    """Her browser."""
    return pages.signed_in(ada)


@pytest.fixture(scope="session")
def built_world(tmp_path_factory, blank_database):
    folder = tmp_path_factory.mktemp("world")
    databases.copy(blank_database, folder)
    app = create_app(settings_in(folder))
    with app.app_context():
        built = worlds.build()
        db.engine.dispose()
    return folder, built


class Visit:
    """A copy of the world with a browser for every role."""

    def __init__(self, app, built):
        self.app, self.people, self.ids = app, built.people, built.ids
        self.visitor = Pages(app)
        self._browsers = {}

    def as_role(self, role):
        """Return the browser of somebody in this role."""
        name = worlds.ROLES[role]
        if role not in self._browsers:
            account = db.session.get(Account, self.people[name]) if name else None
            self._browsers[role] = self.visitor.signed_in(account) if account else Pages(self.app)
        return self._browsers[role]


@pytest.fixture
def visit(tmp_path, built_world, make_app):
    folder, built = built_world
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.bell", "shiai.db*"))
    databases.copy(folder, tmp_path)
    app = make_app()
    with app.app_context():
        yield Visit(app, built)
