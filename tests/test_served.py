"""The short form of `make test-postgres`: what only several at one moment, or a server of its own, could spoil.

The tests named here run once more beside a PostgreSQL and a Redis of their own; the whole way from a bundle to a live
board is walked on both in tests/journeys/test_servers_go_away.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import servers

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(not servers.are_installed(), reason=servers.MISSING)


@pytest.fixture(scope="module")
def served():
    """The environment of a run whose tests find both servers."""
    with servers.postgres() as (_, database), servers.redis() as (_, queue):
        yield os.environ | {"TEST_DATABASE_URL": database, "TEST_QUEUE_URL": queue}


@pytest.mark.parametrize(
    "chosen",
    [
        ("-m", "race", "tests/services", "tests/tasks/test_environments.py"),
        (
            "tests/test_migrations.py::test_the_tables_are_the_same_as_the_models_would_make_down_to_keys_and_indexes",
            "tests/web/test_versions.py::test_confirming_stores_the_version_and_the_admin_puts_it_live_with_one_click",
            "tests/services/test_outcomes.py::test_a_nul_in_what_a_script_says_stops_nothing",
            "tests/web/test_errors.py::test_without_a_database_every_page_says_so_and_all_is_well_again_with_it",
        ),
    ],
    ids=["races", "what differs"],
)
def test_on_postgresql_and_redis_too(served, chosen):
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *chosen],
        cwd=ROOT,
        env={name: value for name, value in served.items() if not name.startswith("PYTEST_XDIST")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-8000:]
