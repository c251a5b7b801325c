"""Habits of real scripts, each written anew and run in a real child."""

import json

import pytest

from app.evaluation.outcome import Expected, Scored
from app.rules.failures import FailureCode
from app.rules.sentences import written

BODY = "    return {'result': [{'test': {'score': SCORE}}], 'submission_result': TOLD}\n"


def evaluate(body="", *, score="1", told="None", head=""):
    """Write a script whose evaluate() does something and gives a score and something told."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{head}\ndef evaluate(truth, guess, phase, **kwargs):\n{lines}" + BODY.replace("SCORE", score).replace(
        "TOLD", told
    )


def notes(outcome):
    assert isinstance(outcome, Scored), outcome
    return [written(note) for note in outcome.notes]


@pytest.mark.parametrize(
    ("head", "score", "number"),
    [
        ("import numpy as np", "np.float32(0.5)", 0.5),
        ("import numpy as np", "np.mean([True, False])", 0.5),
        ("import numpy as np", "np.array([0.5])", 0.5),
        ("import pandas as pd", "pd.Series([0.25, 0.75]).mean()", 0.5),
        ("import pandas as pd", "pd.DataFrame({'a': [2]})['a']", 2.0),
        ("from decimal import Decimal", "Decimal('0.5')", 0.5),
        ("", "'%.2f' % 0.5", 0.5),
        ("", "3 > 2", 1.0),
    ],
)
def test_a_score_of_any_usual_library_is_a_score(bench, head, score, number):
    assert bench.run(evaluate(head=head, score=score)).splits[0].scores == {"score": number}


@pytest.mark.parametrize(
    ("head", "score", "number"),
    [
        ("import numpy as np", "np.full(2, 1, dtype=np.float).mean()", 1.0),
        ("import numpy as np", "np.int(2) + np.float_(0.5)", 2.5),
        ("import numpy as np", "0.5 if np.isnan(np.NaN) and np.Inf > 1 else 0", 0.5),
        ("import numpy as np", "np.in1d([[1], [2]], [2]).sum() + np.product([2, 3])", 7.0),
        ("import numpy as np", "np.trapz([1, 2, 3])", 4.0),
        (
            "import numpy as np\nimport warnings\nwarnings.simplefilter('ignore', np.VisibleDeprecationWarning)",
            "1",
            1.0,
        ),
        ("from scipy.integrate import simps", "simps([1, 2, 3])", 4.0),
        ("from sklearn.metrics import mean_squared_error as mse", "mse([1, 2], [1, 4], squared=False) ** 2", 2.0),
        ("from sklearn.metrics import mean_squared_error as mse", "mse([1, 2], [1, 4])", 2.0),
        ("import pandas as pd", "len(pd.DataFrame().append({'a': 1}, ignore_index=True).append({'a': 2}, True))", 2.0),
        ("import pandas as pd", "pd.Series([None, 2]).fillna(method='bfill').sum()", 4.0),
        ("import pandas as pd", "pd.Series([None, 2]).fillna(1).sum()", 3.0),
        (
            "import io\nimport pandas as pd",
            "pd.read_csv(io.StringIO('a b\\n1  2'), delim_whitespace=True)['b'][0]",
            2.0,
        ),
        ("import pandas as pd", "sum(v for _, v in pd.Series([1, 2]).iteritems())", 3.0),
    ],
)
def test_names_that_libraries_have_dropped_since_still_work(bench, head, score, number):
    assert bench.run(evaluate(head=head, score=score)).splits[0].scores == {"score": pytest.approx(number)}


@pytest.mark.parametrize("score", ["float('nan')", "float('inf')", "'n/a'", "[0.5, 0.6]", "{'mean': 0.5}"])
def test_what_is_no_score_fails_with_its_place(bench, score):
    outcome = bench.run(evaluate(score=score))

    assert outcome.code is FailureCode.BAD_RESULT
    assert "test.score" in outcome.in_full


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("0", "returned a value of type int, not a dict"),
        ("None", "returned None, not a dict"),
        ("({'result': []},)", "returned a value of type tuple, not a dict"),
        ("ValueError('no row 7')", "returned an exception object (ValueError: no row 7), not a dict"),
        ("{}", "without the key 'result'"),
        ("{'results': []}", "only with 'results'"),
        ("{'result': [], 'stderr': 'no row 7'}", "stderr: no row 7"),
        ("{'error': ValueError('no row 7')}", "error: no row 7"),
        ("{'result': ValueError('no row 7')}", "an exception object (ValueError: no row 7)"),
    ],
)
def test_what_is_no_result_fails_with_what_it_is(bench, returned, said):
    outcome = bench.run(f"def evaluate(truth, guess, phase, **kwargs):\n    return {returned}\n")

    assert outcome.code is FailureCode.BAD_RESULT
    assert said in outcome.in_full


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "import urllib.request\nurllib.request.urlopen('https://example.org/truth.zip')",
            "there is none while it runs",
        ),
        ("import socket\nsocket.create_connection(('192.0.2.1', 80), 5)", "there is none while it runs"),
        ("open('models/agent.h5')", "looked for `models/agent.h5` in its working directory"),
        ("open('__init__.py')", 'open `Path(__file__).parent / "__init__.py"`'),
        ("import nowhere.at_all", "imports `nowhere`, which is not installed"),
    ],
)
def test_what_stopped_a_script_is_said_in_a_sentence_beside_its_traceback(bench, body, said):
    outcome = bench.run(evaluate(body))

    assert outcome.code is FailureCode.SCRIPT
    assert said in written(outcome.explanation)
    assert "Traceback" in outcome.detail


def test_an_ordinary_mistake_of_a_script_has_its_traceback_alone(bench):
    outcome = bench.run(evaluate("open('/nowhere/truth.csv')"))

    assert outcome.explanation is None
    assert "/nowhere/truth.csv" in outcome.detail


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("{'result': [{'test': {'error': 'no tasks found'}}]}", "error: no tasks found"),
        ("{'result': [], 'submission_result': {'Error': 'status 3'}}", 'submission_result: {"Error": "status 3"}'),
        ("{}", "do not know the codename of the phase"),
        ("{'error': 'no phase'}", "without the key 'result', only with 'error'"),
    ],
)
def test_what_a_script_says_in_place_of_scores_reaches_the_host(bench, returned, said):
    outcome = bench.run(f"def evaluate(*files, **more):\n    return {returned}\n")

    assert outcome.code is FailureCode.BAD_RESULT
    assert said in outcome.in_full


def test_a_text_under_error_beside_scores_is_told_as_what_the_script_says(bench):
    outcome = bench.run(
        "def evaluate(*files, **more):\n    return {'result': [{'test': {'score': 0}}], 'error': 'no zip file'}\n"
    )

    assert "The script says under `error`: no zip file" in notes(outcome)


def test_an_exception_in_place_of_error_bars_costs_no_score(bench):
    source = "def evaluate(*a, **k):\n    return {'result': {'test': {'score': 1}}, 'error': ValueError('no row 7')}\n"

    outcome = bench.run(source)

    assert outcome.splits[0].scores == {"score": 1.0}
    assert "says under `error`: an exception object (ValueError: no row 7)" in notes(outcome)[0]


def test_what_the_script_and_its_processes_print_is_caught_also_at_import(bench):
    head = "import os, subprocess, sys\nprint('at import', flush=True)"
    body = "os.system('echo from a shell')\nsubprocess.run([sys.executable, '-c', 'print(\"from a child\")'])"

    outcome = bench.run(evaluate(body + "\nprint('at the end', file=sys.stderr)", head=head))

    assert outcome.logs.stdout.split("\n") == ["at import", "from a shell", "from a child", ""]
    assert outcome.logs.stderr == "at the end\n"


def test_files_may_be_written_where_it_stands_and_under_tmp(bench):
    body = (
        "import os, tempfile, zipfile, shutil\n"
        "open('in-here.txt', 'w').write('日本')\n"
        "os.makedirs('/tmp/run/deep')\n"
        "folder = tempfile.mkdtemp()\n"
        "zipfile.ZipFile('/tmp/run/x.zip', 'w').write('in-here.txt')\n"
        "shutil.unpack_archive('/tmp/run/x.zip', folder)\n"
        "told = open(os.path.join(folder, 'in-here.txt')).read()"
    )

    assert json.loads(bench.run(evaluate(body, told="told")).submission_result) == "日本"


def test_files_beside_the_script_are_found_by_its_own_path(bench):
    package = bench.package(
        __init__="from .main import evaluate",
        main=evaluate("from pathlib import Path\ntold = (Path(__file__).parent / 'key.txt').read_text()", told="told"),
    )
    package.joinpath("key.txt").write_text("k", encoding="utf-8")

    assert json.loads(bench.run(package).submission_result) == "k"


@pytest.mark.parametrize("name", ["config", "app", "tests", "utils", "metrics", "examples", "launch"])
def test_a_sibling_may_be_called_as_a_part_of_this_server_is(bench, name):
    package = bench.package(
        __init__="from .main import evaluate", main=evaluate(head=f"import {name}", score=f"{name}.SCORE")
    )
    package.joinpath(f"{name}.py").write_text("SCORE = 0.5", encoding="utf-8")

    assert bench.run(package).splits[0].scores == {"score": 0.5}


def test_a_package_of_modules_below_the_script_is_imported_by_its_bare_name(bench):
    package = bench.package(__init__="from .main import evaluate", main=evaluate(head="from bleu import Bleu"))
    package.joinpath("bleu").mkdir()
    package.joinpath("bleu/__init__.py").write_text("from .bleu import Bleu\n", encoding="utf-8")
    package.joinpath("bleu/bleu.py").write_text("class Bleu: pass\n", encoding="utf-8")

    assert isinstance(bench.run(package), Scored)


@pytest.mark.parametrize("told", ["{'a': [1]}", "[1, 2]", "'text'", "7", "object()", "{(1, 2): 3}", "'x' * 3_000_000"])
def test_a_submission_result_of_any_kind_is_kept(bench, told):
    outcome = bench.run(evaluate(told=told))

    assert isinstance(outcome, Scored)
    assert json.loads(outcome.submission_result)


def test_a_result_with_more_and_less_than_declared_is_scored_and_said(bench):
    source = (
        "def evaluate(*a, **k):\n    return {'result': [{'dev': {'F1': 0.5, 'model': 'resnet'}}, {'test': {'f1': 1}}],\n"
        "        'error': [{'dev': {'error_f1': 0.1}}], 'metadata': 1, 'evalai_result': []}\n"
    )
    expected = Expected(
        splits=("dev", "test", "final"), labels={"dev": ("f1", "auc"), "test": ("f1",), "final": ("f1",)}
    )

    outcome = bench.run(source, expected=expected)

    assert [split.scores for split in outcome.splits] == [{"f1": 0.5}, {"f1": 1.0}]
    assert outcome.splits[0].errors == {"f1": 0.1}
    assert notes(outcome) == [
        "The result leaves out the split `final`.",
        "In the split `dev` the metric `F1` was read as `f1`.",
        "dev.model is neither a metric of the leaderboard nor a number; it was left out.",
        "The split `dev` leaves out the metric `auc`.",
    ]
