"""What processes load that stay in memory for good."""

import subprocess
import sys

import pytest

UNUSED = ("alembic", "mako")
LOADED = "import sys, {module}; print(*sys.modules)"


def loaded_by(module):
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(module=module)], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["app.server", "app.consumer"])
def test_neither_server_nor_worker_loads_migrations(module):
    loaded = loaded_by(module)

    assert module in loaded
    assert loaded.isdisjoint(UNUSED)


def test_the_worker_loads_no_page():
    assert not {name for name in loaded_by("app.consumer") if name.startswith(("app.web", "app.cli"))}
