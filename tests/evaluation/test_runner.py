"""The evaluator as the worker uses it: threads, cancelling, deaths on either side."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.evaluation import runner
from app.evaluation.box import Box
from app.evaluation.isolation import NotIsolated
from app.evaluation.job import Limits
from app.evaluation.outcome import Scored
from app.evaluation.runner import Evaluator
from app.rules.failures import FailureCode
from evaluation_runtime import landlock
from tests.evaluation.test_hostile_scripts import called, running

GOOD = "def evaluate(*f, **m):\n    return {'result': [{'test': {'score': 1}}]}"
SLEEPS = "import time\n\ndef evaluate(*f, **m):\n    print('begun', flush=True)\n    time.sleep(3600)"


def test_every_wall_that_is_claimed_was_tried_today(evaluator):
    names = {wall.name for wall in evaluator.isolation.walls if wall.holds}

    assert {"files", "network", "memory", "processes", "scratch", "privileges", "system_calls", "end"} <= names
    assert "bwrap" in evaluator.isolation.summary


def test_the_start_of_a_run_is_told_once(bench):
    told = []

    bench.run(GOOD, on_start=lambda: told.append(1))

    assert told == [1]


def test_runs_of_several_threads_go_on_side_by_side(bench):
    source = "import time\n\ndef evaluate(a, b, phase, **m):\n    time.sleep(0.5)\n    return {'result': [{'test': {'score': int(phase)}}]}"
    package = bench.package(__init__=source)
    begun = time.monotonic()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda n: bench.run(package, key=f"side-{n}", phase_codename=str(n)), range(4)))

    assert [outcome.splits[0].scores["score"] for outcome in outcomes] == [0.0, 1.0, 2.0, 3.0]
    assert time.monotonic() - begun < 10


def test_two_runs_at_once_cannot_see_or_signal_each_other(bench):
    source = (
        "import os, time, glob\n\ndef evaluate(a, b, phase, **m):\n"
        "    open('/tmp/mine-' + phase, 'w').close()\n    open('/dev/shm/mine-' + phase, 'w').close()\n"
        "    time.sleep(0.5)\n"
        "    seen = len([p for p in os.listdir('/proc') if p.isdigit()])\n"
        "    files = len(glob.glob('/tmp/mine-*') + glob.glob('/dev/shm/mine-*') + glob.glob('/jobs/*'))\n"
        "    return {'result': [{'test': {'score': seen, 'files': files}}]}"
    )
    package = bench.package(__init__=source)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda n: bench.run(package, key=f"alone-{n}", phase_codename=str(n)), range(2)))

    assert [outcome.splits[0].scores for outcome in outcomes] == [{"score": 1.0, "files": 2.0}] * 2


def test_a_cancelled_run_ends_soon(bench):
    stop = threading.Event()
    begun = time.monotonic()

    outcome = bench.run(SLEEPS, on_start=stop.set, cancelled=stop.is_set)

    assert outcome.code is FailureCode.CANCELLED
    assert time.monotonic() - begun < 10


def test_the_time_limit_is_kept_and_what_was_printed_too(bench):
    outcome = bench.run(SLEEPS, limits=Limits(wall_seconds=0.7))

    assert outcome.code is FailureCode.TIME
    assert outcome.logs.stdout == "begun\n"
    assert 0.7 <= outcome.seconds < 5


def test_a_missing_submission_is_this_servers_fault(bench):
    outcome = bench.run(GOOD, submission=bench.folder / "gone.csv")

    assert outcome.code is FailureCode.OURS
    assert "gone.csv" in outcome.in_full


@pytest.mark.parametrize("key", ["", "../up", "a/b", ".", "a b"])
def test_a_key_that_is_no_folder_name_is_refused(bench, key):
    assert bench.run(GOOD, key=key).code is FailureCode.OURS


def test_before_the_walls_were_probed_nothing_runs(tmp_path, bench):
    fresh = Evaluator(jobs_dir=tmp_path / "jobs")

    with pytest.raises(NotIsolated, match="probed"):
        fresh.evaluate(bench.job(bench.package(__init__=GOOD)), expected=bench.expected)


def test_where_no_box_can_be_made_nothing_runs_and_the_reason_is_told(tmp_path, bench, monkeypatch):
    monkeypatch.setattr(runner, "candidates", lambda: [Box(bwrap="/bin/false"), Box(bwrap=None)])
    fresh = Evaluator(jobs_dir=tmp_path / "jobs", isolation="strict")

    isolation = fresh.start()

    assert isolation.level == "D"
    assert "/bin/false" in isolation.summary
    with pytest.raises(NotIsolated):
        fresh.evaluate(bench.job(bench.package(__init__=GOOD)), expected=bench.expected)


def test_an_environment_that_lies_in_a_temporary_folder_is_readable_inside_the_walls(evaluator, bench, monkeypatch):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        packages = Path(folder, "site-packages")
        packages.mkdir()
        packages.joinpath("lies_in_tmp.py").write_text("SCORE = 1", encoding="utf-8")
        monkeypatch.syspath_prepend(packages)
        made = Evaluator(jobs_dir=bench.folder / "jobs")
        isolation = made.start()
        package = bench.package(__init__=f"import sys\nsys.path.append({str(packages)!r})\nimport lies_in_tmp\n{GOOD}")

        outcome = made.evaluate(bench.job(package), expected=bench.expected)
        made.close()

    assert isolation.level == evaluator.isolation.level
    assert isinstance(outcome, Scored)


def test_on_a_machine_without_any_walls_nothing_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "candidates", list)

    assert Evaluator(jobs_dir=tmp_path / "jobs").start().level == "D"


@pytest.fixture(scope="module")
def own(tmp_path_factory, evaluator):
    """An evaluator that a test may break."""
    made = Evaluator(jobs_dir=tmp_path_factory.mktemp("own") / "jobs")
    made.start()
    yield made
    made.close()


def test_a_warm_parent_that_died_is_started_again(own, bench):
    job = bench.job(bench.package(__init__=GOOD))
    os.kill(own._parent._process.pid, signal.SIGKILL)
    own._parent._ended.wait(10)

    outcome = own.evaluate(job, expected=bench.expected)

    assert isinstance(outcome, Scored)


def test_a_run_whose_warm_parent_dies_is_this_servers_fault(own, bench):
    job = bench.job(bench.package(__init__=SLEEPS))

    outcome = own.evaluate(
        job, expected=bench.expected, on_start=lambda: os.kill(own._parent._process.pid, signal.SIGKILL)
    )

    assert outcome.code is FailureCode.OURS


def test_the_thread_that_started_it_may_end_and_closing_ends_everything(tmp_path, evaluator, bench):
    made = Evaluator(jobs_dir=tmp_path / "thread-jobs")
    starter = threading.Thread(target=made.start)
    starter.start()
    starter.join()

    outcome = made.evaluate(bench.job(bench.package(__init__=GOOD)), expected=bench.expected)
    process = made._parent._process
    made.close()

    assert isinstance(outcome, Scored)
    assert process.poll() is not None


WORKER = """
import sys
from pathlib import Path
from app.evaluation import runner
from app.evaluation.box import Box
from app.evaluation.job import Job
from app.evaluation.outcome import Expected

folder = Path(sys.argv[1])
if sys.argv[2] == "bare":
    runner.candidates = lambda: [Box(bwrap=None)]
evaluator = runner.Evaluator(jobs_dir=folder / "jobs", isolation="best")
evaluator.start()
job = Job(key="a", package=folder / "package", challenge_number=1, submission=folder / "s.csv", submission_suffix=".csv",
          phase_codename="dev")
evaluator.evaluate(job, expected=Expected(splits=("test",)), on_start=lambda: print("started", flush=True))
"""


@pytest.mark.parametrize("way", ["boxed", "bare"])
def test_when_the_worker_is_killed_everything_inside_dies(tmp_path, evaluator, way):
    if way == "bare" and landlock.version() < 6:
        pytest.skip("this kernel's Landlock is too old to keep a script from the processes of its user")
    mark = f"gone{time.monotonic_ns() % 10**9}"
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text(
        f"import os\n{called(mark)}\nif os.fork() == 0:\n    os.setsid()\n" + SLEEPS
    )
    (tmp_path / "s.csv").write_text("x")
    command = [sys.executable, "-c", WORKER, str(tmp_path), way]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout.readline() == "started\n"
        deadline = time.monotonic() + 5
        while not running(mark) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert running(mark)

        worker.kill()

    deadline = time.monotonic() + 5
    while running(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running(mark) == []


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """An evaluator on a machine without namespaces."""
    monkeypatch.setattr(runner, "candidates", lambda: [Box(bwrap=None)])
    if landlock.version() < 6:
        pytest.skip("this kernel's Landlock is too old to keep a script from the processes of its user")
    made = Evaluator(jobs_dir=tmp_path / "bare-jobs", isolation="best")
    isolation = made.start()
    assert isolation.level == "C", isolation.summary
    yield made
    made.close()


def test_without_namespaces_a_script_still_scores_and_leaves_nothing(bare, bench):
    source = (
        f"import os, time\n{called('barely')}\n\n"
        "def evaluate(annotation, *f, **m):\n    open(annotation).close()\n    open('written', 'w').close()\n"
        "    if os.fork() == 0:\n        os.setsid()\n"
        "        if os.fork() == 0:\n            time.sleep(3600)\n        time.sleep(3600)\n"
        "    time.sleep(0.3)\n    return {'result': [{'test': {'score': 1}}]}"
    )

    outcome = bare.evaluate(bench.job(bench.package(__init__=source)), expected=bench.expected)

    assert isinstance(outcome, Scored), outcome
    deadline = time.monotonic() + 5
    while running("barely") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running("barely") == []


def test_without_namespaces_files_and_network_are_still_walled_off(bare, bench):
    source = (
        "import socket\n\ndef evaluate(a, b, phase, **m):\n    walls = 0\n"
        "    for attempt in (lambda: open('/etc/passwd'), lambda: open(phase), lambda: socket.socket()):\n"
        "        try:\n            attempt()\n        except OSError:\n            walls += 1\n"
        "    return {'result': [{'test': {'score': walls}}]}"
    )
    secret = bench.file("secret-key", "SECRET")

    outcome = bare.evaluate(
        bench.job(bench.package(__init__=source), phase_codename=str(secret)), expected=bench.expected
    )

    assert outcome.splits[0].scores == {"score": 3.0}
