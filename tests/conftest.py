"""What every test may ask for: an application on its own folder, pages that inspect themselves, a clock, no network."""

import re
import socket
from datetime import UTC, datetime, timedelta

import pytest
from jinja2 import FileSystemBytecodeCache

import config
from app import clock as app_clock
from app import create_app
from app.extensions import db
from app.services import passwords
from tests import databases
from tests.factories import make_challenge, make_host, make_site
from tests.kept import keep_routes, keep_statements
from tests.pages import Pages

pytest_plugins = ("tests.spread", "tests.fuzzing")


def pytest_itemcollected(item):
    """Refuse a name that another process would not give the test too: a run in parallel stops at the first."""
    if re.search(r" at 0x[0-9a-f]+", item.nodeid):
        raise pytest.UsageError(f"The name of a test holds an address of memory, give ids=: {item.nodeid}")


FOLDERS = ("store", "packages", "jobs", "tmp", "environments")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.time = datetime.now(UTC).replace(microsecond=0)

    def now(self):
        return self.time

    def advance(self, **duration):
        """Move the clock: clock.advance(hours=2)."""
        self.time += timedelta(**duration)
        return self.time

    def to_noon(self):
        """Move on to the next noon, for what is the same as long as the day is."""
        self.time = (self.time + timedelta(days=1)).replace(hour=12, minute=0, second=0)


@pytest.fixture(autouse=True, scope="session")
def loopback_only():
    """Refuse every connection that would leave this machine."""
    with pytest.MonkeyPatch.context() as patch:
        connect = socket.socket.connect

        def guarded(self, address):
            if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
                raise AssertionError(f"A test tried to reach {address[0]}.")
            return connect(self, address)

        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_hashes():
    """Hash passwords in microseconds; how slow the real ones are is not what these tests are about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "METHOD", "pbkdf2:sha256:1")
        yield


@pytest.fixture(autouse=True, scope="session")
def work_kept():
    """Compile routes and statements once, not for every test's application."""
    with pytest.MonkeyPatch.context() as patch:
        keep_routes(patch)
        keep_statements(patch)
        yield


def settings_in(folder, **changes):
    """Return settings for an application that keeps everything in this folder."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    values = {
        "data_dir": folder,
        "database_url": databases.url_in(folder),
        "queue_url": databases.queue_url_in(folder),
        "secret_key": "a key that only tests know 0123456789",
        "workers": 1,
    }
    return config.Settings(**(values | changes))


@pytest.fixture(autouse=True, scope="session")
def databases_dropped():
    """Leave nothing behind on a database server."""
    yield
    databases.drop_all()


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory):
    """The folder of a database with all tables and no rows, to be copied."""
    folder = tmp_path_factory.mktemp("blank")
    app = create_app(settings_in(folder))
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory):
    """Templates as Python code, shared by all applications of a run: compiling them anew takes half a second each."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(tmp_path, blank_database, compiled_templates):
    """Make applications on the test's own folder, with a database; arguments change settings."""
    made = []

    def make(**changes):
        if not databases.exists_in(tmp_path):
            databases.copy(blank_database, tmp_path)
        app = create_app(settings_in(tmp_path, **changes))
        app.testing = True
        app.jinja_env.bytecode_cache = compiled_templates
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    databases.drop(tmp_path)


@pytest.fixture
def empty(tmp_path):
    """An application whose database has no table yet."""
    app = create_app(settings_in(tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop(tmp_path)


@pytest.fixture
def app(make_app):
    """An application nobody has set up yet, with its context, so that services and queries can be called."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def site(app):
    """A site that is set up: anybody may sign up, visitors may read, named people host."""
    return make_site()


@pytest.fixture
def pages(app, site):
    """A visitor's browser on a site that is set up."""
    return Pages(app)


@pytest.fixture
def hana(site):
    """A person who hosts."""
    return make_host()


@pytest.fixture
def challenge(hana):
    """Hana's live challenge, Tumours, that runs for a month on either side of now."""
    return make_challenge("Tumours", host=hana)


@pytest.fixture
def phase(challenge):
    """The one phase of the challenge."""
    return challenge.phases[0]


@pytest.fixture
def split(phase):
    """The one board of the phase."""
    return phase.splits[0]


@pytest.fixture
def clock(monkeypatch):
    """The application's clock, standing still."""
    standing = Clock()
    monkeypatch.setattr(app_clock, "now", standing.now)
    return standing
