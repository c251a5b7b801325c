"""How challenges' packages are found and called, in real children."""

import json
import time

import pytest

from app.evaluation.job import Limits
from app.evaluation.outcome import Expected, Failed, Scored
from app.rules.failures import FailureCode

SCORE = 'return {"result": [{"test": {"score": 1}}]}'


@pytest.mark.parametrize("named", ["challenge_data.challenge_1", "challenge_data.challenge_20", "evaluation_script"])
def test_a_script_may_call_itself_by_the_number_or_the_folder_it_has_elsewhere(bench, named):
    package = bench.package(
        __init__="from .main import evaluate\n",
        main=f"from {named}.metrics import score\n\ndef evaluate(*files, **more):\n"
        "    return {'result': [{'test': {'score': score()}}]}\n",
        metrics="def score():\n    return 0.5\n",
    )

    assert bench.run(package).splits[0].scores == {"score": 0.5}


def test_relative_absolute_and_full_imports_of_siblings_all_work(bench):
    package = bench.package(
        __init__="from .main import evaluate",
        main=(
            "from .near import one\nfrom far_sibling import two\nfrom challenge_data.challenge_7.full import three\n"
            "from challenge_data import challenge_7\n\n"
            'def evaluate(*files, **more):\n    return {"result": [{"test": {"score": one + two + three}}]}\n'
        ),
        near="one = 1",
        far_sibling="two = 2",
        full="three = 3",
    )

    outcome = bench.run(package)

    assert outcome.splits[0].scores == {"score": 6.0}


def test_a_sibling_named_like_a_standard_module_does_not_replace_it(bench):
    package = bench.package(
        __init__="from .main import evaluate",
        main=f"import random, statistics\n\ndef evaluate(*files, **more):\n    random.random()\n    {SCORE}",
        random="raise RuntimeError",
        statistics="raise RuntimeError",
    )

    assert isinstance(bench.run(package), Scored)


def test_arguments_come_by_position_with_paths_codename_and_metadata(bench):
    source = (
        "import os, json\n\ndef evaluate(truth, guess, phase_name, **kwargs):\n"
        "    told = {'phase': phase_name, 'guess': open(guess).read(), 'truth': open(truth).read(),\n"
        "            'suffixes': [os.path.splitext(p)[1] for p in (truth, guess)], 'more': kwargs}\n"
        "    return {'result': [{'test': {'score': 1}}], 'submission_result': told}\n"
    )

    outcome = bench.run(source, submission_suffix=".tar", submission_metadata={"id": 3, "method_name": "深層学習"})

    told = json.loads(outcome.submission_result)
    assert told["phase"] == "dev"
    assert told["guess"] == bench.submission.read_text()
    assert told["truth"] == bench.annotation.read_text()
    assert told["suffixes"] == [".csv", ".tar"]
    assert told["more"] == {"submission_metadata": {"id": 3, "method_name": "深層学習"}}


@pytest.mark.parametrize("signature", ["a, b, c", "a, b, c, d=None", "annotation, submission, phase, *, extra=1"])
def test_a_script_that_takes_no_metadata_is_called_without(bench, signature):
    assert isinstance(bench.run(f"def evaluate({signature}):\n    {SCORE}"), Scored)


def test_a_phase_without_annotation_gives_none(bench):
    source = f"def evaluate(truth, guess, phase, **kwargs):\n    assert truth is None\n    {SCORE}"

    assert isinstance(bench.run(source, annotation=None), Scored)


def test_random_numbers_differ_from_run_to_run(bench):
    source = (
        "import random, numpy\n\ndef evaluate(*files, **more):\n"
        "    return {'result': [{'test': {'score': random.random(), 'other': numpy.random.rand()}}]}\n"
    )

    drawn = [bench.run(source).splits[0].scores for _ in range(3)]

    assert len({scores["score"] for scores in drawn}) == 3
    assert len({scores["other"] for scores in drawn}) == 3


def test_text_of_any_language_is_kept(bench):
    outcome = bench.run(f"import sys\n\ndef evaluate(*files, **more):\n    print('評価 ✓')\n    {SCORE}")

    assert outcome.logs.stdout == "評価 ✓\n"


def test_a_traceback_begins_in_the_script_and_shows_no_path_of_the_server(bench):
    package = bench.package(
        __init__="from .main import evaluate",
        main="def evaluate(*files, **more):\n    raise ValueError('label 1 is 0')",
    )

    outcome = bench.run(package)

    assert outcome.code is FailureCode.SCRIPT
    assert outcome.detail.startswith(
        'Traceback (most recent call last):\n  File "/job/compute/challenge_data/challenge_7/main.py"'
    )
    assert "ValueError: label 1 is 0" in outcome.detail
    assert str(bench.folder) not in outcome.detail + outcome.logs.stderr


def test_scores_seconds_and_peak_are_reported(bench):
    outcome = bench.run(
        "import time\n\ndef evaluate(*f, **m):\n    time.sleep(0.05)\n    return {'result': {'test': {'score': 2}}}"
    )

    assert outcome.splits[0].scores == {"score": 2.0}
    assert outcome.seconds > 0.05
    assert outcome.peak_bytes > 10_000_000


def test_two_packages_of_one_name_are_never_mixed(bench):
    for score in (1, 2):
        source = f"def evaluate(*f, **m):\n    return {{'result': [{{'test': {{'score': {score}}}}}]}}"

        assert bench.run(source).splits[0].scores == {"score": float(score)}


def wait_until_empty(folder):
    deadline = time.monotonic() + 10
    while left := list(folder.iterdir()):
        assert time.monotonic() < deadline, left
        time.sleep(0.01)


def test_no_core_file_and_no_job_folder_is_left(bench):
    bench.run("import ctypes\n\ndef evaluate(*f, **m):\n    ctypes.string_at(0)")

    wait_until_empty(bench.evaluator._jobs_dir)


def test_what_was_given_is_unchanged_and_still_private(bench):
    package = bench.package(__init__=f"def evaluate(*f, **m):\n    {SCORE}")

    bench.run(package)

    assert bench.submission.stat().st_mode & 0o777 == 0o600
    assert (package / "__init__.py").stat().st_mode & 0o777 == 0o600
    assert bench.submission.read_text() == "id,score\n1,0.5\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def evaluate(*f, **m)\n  pass", "SyntaxError"),
        ("import shapely_or_so", "No module named 'shapely_or_so'"),
        ("def evaluation(*f): pass", "has no evaluate"),
        ("evaluate = 3", "is an int, not a function"),
        ("async def evaluate(a, b, c, **k): pass", "async"),
        ("def evaluate(a, b, c, **k): yield 1", "yield"),
        ("def evaluate(a, b): pass", "three arguments"),
        ("def evaluate(a, b, c, d): pass", "three arguments"),
        ("raise SystemExit", "sys.exit"),
        ("import os; os._exit(0)", "os._exit"),
        ("import json; json.loads('{')", "JSONDecodeError"),
    ],
)
def test_a_script_that_cannot_work_is_found_by_loading_it(bench, source, said):
    found = bench.evaluator.check_script(bench.package(__init__=source))

    assert isinstance(found, Failed)
    assert said in found.in_full


@pytest.mark.parametrize(
    "signature", ["a, b, c, **kwargs", "*args", "user_annotation_file, file, phase, submission_metadata=None"]
)
def test_a_script_that_loads_is_sound(bench, signature):
    assert bench.evaluator.check_script(bench.package(__init__=f"def evaluate({signature}): return 1")) is None


def test_the_phase_decides_which_splits_there_are(bench):
    source = f"def evaluate(*f, **m):\n    {SCORE}"

    outcome = bench.run(source, expected=Expected(splits=("public",), labels={"public": ("score",)}), limits=Limits())

    assert outcome.code is FailureCode.BAD_RESULT
    assert "`public`" in outcome.in_full
