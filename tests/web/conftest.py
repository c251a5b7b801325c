"""The world of tests/world.py, built once and copied for every test that walks through it."""

import shutil

import pytest

from app import create_app
from app.extensions import db
from app.models.accounts import Account
from tests import databases
from tests import world as worlds
from tests.conftest import settings_in
from tests.pages import Pages


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
