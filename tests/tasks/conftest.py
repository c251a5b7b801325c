"""A worker's workbench in the test's own process: the real evaluator behind its walls, one for all tests."""

import pytest

from app.evaluation.runner import Evaluator
from app.extensions import db
from app.tasks.workbench import Workbench, workbench
from tests.evaluation.conftest import machine_refuses_namespaces


@pytest.fixture(scope="session")
def evaluator(tmp_path_factory):
    if machine_refuses_namespaces():
        pytest.skip("this machine allows no user namespaces, so nothing can be evaluated on it")
    made = Evaluator(jobs_dir=tmp_path_factory.mktemp("worker") / "jobs", isolation="best")
    isolation = made.start()
    assert isolation.level != "D", isolation.summary
    yield made
    made.close()


@pytest.fixture
def bench(app, site):
    """The workbench, equipped without an evaluator: for tests in which nothing is evaluated."""
    yield from _equipped(app, None)


@pytest.fixture
def worker(app, site, evaluator):
    """The workbench of a worker that can evaluate."""
    yield from _equipped(app, evaluator)


def _equipped(app, evaluator):
    workbench.equip(app, evaluator, name="this worker")
    yield workbench
    workbench.__dict__.update(Workbench().__dict__)
    db.session.remove()
