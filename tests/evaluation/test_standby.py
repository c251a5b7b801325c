"""A child stands by before its job comes; whatever becomes of it, the job gets one of its own."""

import os
import signal
import time
from pathlib import Path

from app.evaluation.outcome import Scored

RANDOM = (
    "import random\n\nimport numpy\n\n"
    "def evaluate(a, b, phase, **m):\n"
    "    return {'result': [{'test': {'score': random.random(), 'numpy': numpy.random.random()}}]}"
)
REMEMBERS = (
    "import numpy\n\n"
    "def evaluate(a, b, phase, **m):\n"
    "    seen = getattr(numpy, 'seen', 0)\n"
    "    numpy.seen = seen + 1\n"
    "    return {'result': [{'test': {'score': seen}}]}"
)


def waiting_children():
    """The processes that wait below this process, three generations down: box, its first process, warm parent."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    own = [os.getpid()]
    depth = []
    while own:
        own = [process for process, parent in parents.items() if parent in own]
        depth.append(own)
    return depth[-2]


def wait_until_dead(process):
    while Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
        time.sleep(0.01)


def test_a_child_that_died_while_it_stood_by_is_replaced(bench):
    assert isinstance(bench.run(RANDOM), Scored)
    time.sleep(0.5)
    for process in waiting_children():
        os.kill(process, signal.SIGKILL)
        wait_until_dead(process)

    outcomes = [bench.run(RANDOM, key=f"after-{n}") for n in range(2)]

    assert [type(outcome) for outcome in outcomes] == [Scored, Scored], outcomes


def test_every_job_has_random_numbers_of_its_own(bench):
    outcomes = [bench.run(RANDOM, key=f"random-{n}") for n in range(3)]

    for name in ("score", "numpy"):
        assert len({outcome.splits[0].scores[name] for outcome in outcomes}) == 3


def test_no_job_meets_what_another_left_in_memory(bench):
    outcomes = [bench.run(REMEMBERS, key=f"memory-{n}") for n in range(3)]

    assert [outcome.splits[0].scores["score"] for outcome in outcomes] == [0.0, 0.0, 0.0]
