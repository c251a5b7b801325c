"""Scripts in environments of their own: real venvs, real children, the same walls."""

import json
import os
import time
from dataclasses import replace

import pytest

from app.evaluation.building import Built, Order, build
from app.evaluation.installer import PackageSource, environment, without_secrets
from app.evaluation.isolation import NotIsolated, probe
from app.evaluation.nearest import unavailable
from app.evaluation.outcome import Scored
from app.evaluation.runner import Evaluator
from app.rules.environments import BuildFailure
from app.rules.failures import FailureCode
from tests.evaluation.conftest import Bench, machine_refuses_namespaces
from tests.evaluation.wheels import make_wheel

LIBRARY = """
import os, sys
ANSWER = 42
"""
# what an environment's packages may do as soon as Python starts
STARTUP = (
    "import os, sys; sys.startup = (os.geteuid(), open('/proc/self/uid_map').read().split()[1:2], "
    "[p for p in os.listdir('/jobs') if os.path.exists('/jobs/' + p + '/annotation')], os.path.exists('/etc/passwd'))\n"
)
USES = """
import importlib.util, json, subprocess, sys
import tumourkit

def evaluate(annotation, submission, phase, **rest):
    there = {name: importlib.util.find_spec(name) is not None for name in ("tumourkit", "leaf", "numpy", "flask", "app")}
    asked = [subprocess.run([sys.executable, "-m", "pip", "install", name], capture_output=True, text=True) for name in ("tumourkit==1.0", "numpy")]
    pip = subprocess.run(["pip", "install", "leaf"]).returncode
    try:
        open(tumourkit.__file__, "a")
        writes = True
    except OSError:
        writes = False
    said = {"there": there, "pip": [it.returncode for it in asked], "command": pip, "stderr": asked[1].stderr, "writes": writes,
            "startup": getattr(sys, "startup", None), "prefix": sys.prefix}
    return {"result": [{"test": {"score": tumourkit.ANSWER}}], "submission_result": said}
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    make_wheel(folder, "tumourkit", "1.2", tumourkit=LIBRARY, startup__pth=STARTUP)
    make_wheel(folder, "leaf", "2.0", leaf="")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory, wheels):
    """Build an environment of these requirements and return its folder."""
    root = tmp_path_factory.mktemp("environments")
    root.chmod(0o700)

    def _built(requirements):
        folder = root / requirements.replace("\n", "-")
        order = Order(
            folder=folder,
            log=root / "log",
            requirements=requirements,
            source=PackageSource(folder=wheels),
            seconds=120,
            most_bytes=1 << 30,
        )
        assert isinstance(build(order, wanted=lambda: True), Built), order.log.read_text()
        return folder

    return _built


@pytest.fixture(scope="module")
def kit(built):
    return built("tumourkit\nleaf")


@pytest.fixture(scope="module")
def own_evaluator(tmp_path_factory):
    if machine_refuses_namespaces():
        pytest.skip("this machine allows no user namespaces, so nothing can be evaluated on it")
    made = Evaluator(jobs_dir=tmp_path_factory.mktemp("data") / "jobs")
    assert made.start().level in {"A", "B"}
    yield made
    made.close()


@pytest.fixture
def bench(own_evaluator, tmp_path):
    return Bench(own_evaluator, tmp_path)


def said(outcome):
    assert isinstance(outcome, Scored), (outcome.detail, outcome.logs.stderr)
    return json.loads(outcome.submission_result)


def test_a_script_has_the_packages_of_its_environment_and_no_others(bench, kit):
    found = said(bench.run(USES, environment=kit))

    assert found["there"] == {"tumourkit": True, "leaf": True, "numpy": False, "flask": False, "app": False}
    assert found["prefix"] == str(kit)
    assert found["writes"] is False


def test_the_stand_in_for_pip_answers_from_the_environment(bench, kit):
    found = said(bench.run(USES, environment=kit))

    assert found["pip"] == [0, 0]
    assert found["command"] == 0
    assert "numpy is not installed on this server" in found["stderr"]


def test_code_that_a_package_brings_for_the_start_runs_without_power_and_sees_no_job(bench, kit):
    user, outside, jobs, sees_accounts = said(bench.run(USES, environment=kit))["startup"]

    assert outside not in (["0"], []) or os.geteuid() != 0
    assert jobs == []
    assert not sees_accounts
    assert user == 0


def test_without_an_environment_its_packages_are_not_there(bench, kit):
    outcome = bench.run(USES)

    assert outcome.code is FailureCode.SCRIPT
    assert "No module named 'tumourkit'" in outcome.detail


def test_the_same_walls_hold_around_an_environment(bench, kit, own_evaluator):
    with own_evaluator._place(kit) as place:
        found = probe(place.parent, jobs_dir=place.jobs_dir)

    assert found.level in {"A", "B"}, found.summary
    assert [wall.name for wall in found.walls if not wall.holds and wall.name != "landlock"] == []


def test_two_environments_and_the_servers_own_run_side_by_side_and_see_nothing_of_each_other(bench, kit, built):
    leaf = built("leaf")
    looks = (
        "import os, importlib.util\n\ndef evaluate(*f, **m):\n"
        f"    seen = [p for p in ({str(kit)!r}, {str(leaf)!r}) if os.path.exists(p)]\n"
        "    own = importlib.util.find_spec('leaf') is not None\n"
        "    return {'result': [{'test': {'score': len(seen)}}], 'submission_result': own}\n"
    )

    outcomes = [bench.run(looks, environment=it, key=f"side-{n}") for n, it in enumerate((kit, leaf, None))]

    assert [it.splits[0].scores["score"] for it in outcomes] == [1.0, 1.0, 0.0]
    assert [said(it) for it in outcomes] == [True, True, False]


def test_a_script_can_be_checked_in_its_environment(bench, kit, own_evaluator):
    package = bench.package(__init__=USES)

    assert own_evaluator.check_script(package, environment=kit) is None
    assert own_evaluator.check_script(package) is not None


def test_an_environment_that_is_gone_keeps_the_submission_waiting(bench, tmp_path):
    with pytest.raises(NotIsolated, match="built again"):
        bench.run(USES, environment=tmp_path / "gone")


def test_an_environment_nobody_uses_is_ended_and_started_again_when_needed(bench, kit, own_evaluator):
    bench.run(USES, environment=kit)
    with own_evaluator._place(kit) as place:
        own_evaluator._environments.end_idle(seconds=0)
        assert place.parent.is_alive
    time.sleep(0.01)

    own_evaluator._environments.end_idle(seconds=0)

    assert not place.parent.is_alive
    assert isinstance(bench.run(USES, environment=kit), Scored)


def test_the_folder_of_an_environment_is_let_go_once_no_job_uses_it(bench, kit, own_evaluator):
    with own_evaluator._place(kit):
        assert not own_evaluator.release(kit)

    assert own_evaluator.release(kit)
    assert own_evaluator.release(kit)


def test_packages_that_keep_python_from_starting_are_a_failure_that_says_so_and_nothing_else(
    bench, tmp_path, wheels, built
):
    make_wheel(wheels, "spoiler", stop__pth="import os; os._exit(3)\n")

    outcome = bench.run(USES, environment=built("spoiler"))

    assert outcome.code is FailureCode.ENVIRONMENT
    assert "does not start" in outcome.explanation["message"]
    assert isinstance(bench.run("def evaluate(*f, **m): return {'result': [{'test': {'score': 1}}]}"), Scored)


def test_a_build_ends_at_its_limits_and_leaves_nothing(tmp_path, wheels):
    order = Order(
        folder=tmp_path / "made",
        log=tmp_path / "log",
        requirements="tumourkit",
        source=PackageSource(folder=wheels),
        seconds=120,
        most_bytes=5000,
    )

    large, slow = build(order, wanted=lambda: True), build(replace(order, seconds=0), wanted=lambda: True)

    assert (large.reason, slow.reason) == (BuildFailure.SIZE, BuildFailure.TIME)
    assert not order.folder.exists()


def test_of_a_source_that_does_not_answer_nothing_is_claimed(tmp_path):
    source = PackageSource(index="http://127.0.0.1:9/simple")

    assert unavailable("leaf==1.0", source=source, folder=tmp_path, until=time.monotonic() + 60) == ()


def test_the_password_of_an_index_is_neither_in_a_command_nor_in_the_log(monkeypatch, tmp_path):
    monkeypatch.setenv("SHIAI_SECRET_KEY", "secret")
    source = PackageSource(index="https://reader:hunter2@packages.example/simple")

    given = environment(source, scratch=tmp_path)

    assert given["PIP_INDEX_URL"] == given["UV_DEFAULT_INDEX"] == source.index
    assert "SHIAI_SECRET_KEY" not in given
    assert without_secrets("looking in https://reader:hunter2@packages.example", source).count("hunter2") == 0
