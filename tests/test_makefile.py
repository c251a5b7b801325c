"""What `make run` does before it starts anything, read from what it says it would do."""

import os
import subprocess
import venv

import pytest

from tests.journeys.installation import ROOT

ANEW = "-m venv --clear .venv"
INSTALL = "-m pip install"


@pytest.fixture
def clone(tmp_path):
    """A folder with what `make` reads."""
    for name in ("Makefile", "requirements.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def plan(clone, *, finished=False):
    """Return what `make run` would do; `finished` says that an installation came to its end here."""
    if finished:
        (clone / ".venv" / "ready").touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(["make", "-n", "run"], cwd=clone, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def test_a_fresh_clone_gets_an_environment_and_what_it_needs(clone):
    told = plan(clone)
    assert ANEW in told
    assert INSTALL in told


def test_what_is_installed_is_not_installed_again(clone):
    venv.create(clone / ".venv", with_pip=False)
    packages = next((clone / ".venv").glob("lib/*/site-packages"))
    (packages / "pip.py").touch()
    told = plan(clone, finished=True)
    assert ANEW not in told
    assert INSTALL not in told


@pytest.mark.parametrize("finished", [False, True], ids=["cut short", "left by an older Python"])
def test_an_environment_that_cannot_install_is_made_anew(clone, finished):
    venv.create(clone / ".venv", with_pip=False)
    told = plan(clone, finished=finished)
    assert ANEW in told
    assert INSTALL in told
