"""The hostile kit: evaluation scripts whose first line says how their run has to end."""

import json
import socket
import time
from pathlib import Path

import pytest

from app.evaluation.job import Limits
from app.evaluation.outcome import Scored

KIT = sorted((Path(__file__).parent.parent / "hostile").glob("*.py"))


def labels(path):
    """Read the lines '# NAME: value' at the top of a script."""
    found = {"EXPECT": [], "LIMITS": [], "SAYS": []}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, value = line.removeprefix("# ").partition(": ")
        if not line.startswith("# ") or name not in found:
            break
        found[name].append(value)
    return found


def limits(text):
    values = dict(pair.split("=") for pair in " ".join(text).split())
    return Limits(**({"wall_seconds": 30} | {name: int(value) for name, value in values.items()}))


@pytest.fixture(scope="module")
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("path", KIT, ids=lambda path: path.stem)
def test_a_hostile_script_ends_as_its_first_line_says(path, bench, listener, monkeypatch):
    monkeypatch.setenv("SECRET", "SECRET")
    label = labels(path)
    secret, outside = bench.file("secret-key", "SECRET"), bench.file("readable", "x")
    outside.chmod(0o644)
    told = {"secret": str(secret), "outside": str(outside), "port": listener}
    submission = bench.file("told.json", json.dumps(told))

    outcome = bench.run(path.read_text(encoding="utf-8"), submission=submission, limits=limits(label["LIMITS"]))

    ended = "scored" if isinstance(outcome, Scored) else outcome.code
    everything = f"{getattr(outcome, 'in_full', '')}\n{outcome.logs.stdout}\n{outcome.logs.stderr}"
    assert [ended] == label["EXPECT"], everything[:3000]
    assert [text for text in label["SAYS"] if text not in everything] == []
    assert len(outcome.logs.stdout) + len(outcome.logs.stderr) <= 2_100_000


@pytest.mark.parametrize("script", ["leaves_a_daemon", "hangs_and_ignores_signals", "forks_without_end"])
def test_nothing_of_a_run_is_left_after_it(script, bench):
    source = next(path for path in KIT if path.stem == script).read_text(encoding="utf-8")
    mark = f"m{time.monotonic_ns() % 10**12}"
    source = f"{called(mark)}\n{source}"

    seen = []
    bench.run(source, limits=Limits(wall_seconds=1, processes=40), cancelled=lambda: seen.extend(running(mark)))

    assert seen or script != "hangs_and_ignores_signals"
    deadline = time.monotonic() + 5
    while (left := running(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def test_the_run_after_a_hostile_one_starts_clean(bench):
    hostile = next(path for path in KIT if path.stem == "changes_what_is_shared").read_text(encoding="utf-8")
    for _ in range(2):
        outcome = bench.run(hostile)

        assert isinstance(outcome, Scored), outcome


def called(name):
    """Write the line by which a script gives its process, and all that it forks, a name."""
    return f"__import__('ctypes').CDLL(None).prctl(15, b'{name}', 0, 0, 0)"


def running(name):
    """List the processes of this machine that call themselves so."""
    found = []
    for status in Path("/proc").glob("[0-9]*/comm"):
        try:
            if status.read_text().strip() == name:
                found.append(status.parent.name)
        except OSError:
            continue
    return found
