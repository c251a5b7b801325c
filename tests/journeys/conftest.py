"""One real installation for all journeys, and its cast."""

import pytest

from tests.journeys.installation import Installation
from tests.journeys.people import set_up, sign_up_host
from tests.journeys.visitor import Visitor

EVALUATION_SECONDS = 6


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show with a failure what the processes printed."""
    report = yield
    installation = item.funcargs.get("installation") if hasattr(item, "funcargs") else None
    if report.failed and installation is not None:
        report.sections.append(("web server and worker", installation.log()))
    return report


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """Shiai as `make run` starts it, on a free port, with evaluations stopped after some seconds."""
    running = Installation(tmp_path_factory.mktemp("installation"), SHIAI_EVALUATION_SECONDS=EVALUATION_SECONDS)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def admin(installation):
    """The browser of the first admin."""
    return set_up(installation, examples=True)


@pytest.fixture(scope="session")
def host(installation, admin):
    """The browser of somebody who may host."""
    return sign_up_host(installation, admin)


@pytest.fixture(scope="session")
def alice(installation, admin):
    """The browser of a participant."""
    return Visitor(installation.address).sign_up("Alice")


@pytest.fixture(scope="session")
def bob(installation, admin):
    """The browser of another participant."""
    return Visitor(installation.address).sign_up("Bob")


@pytest.fixture
def visitor(installation):
    """A browser that nobody signed in with."""
    return Visitor(installation.address)
