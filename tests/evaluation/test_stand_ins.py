"""Scripts that install packages while they are imported, as EvalAI's template has them do."""

import pytest

from app.evaluation.outcome import Scored
from app.rules.failures import FailureCode
from app.rules.sentences import written

SCORE = 'def evaluate(*f, **m):\n    return {"result": [{"test": {"score": 1}}]}\n'
TEMPLATE = """
import os
import subprocess
import sys
from pathlib import Path


def install(package):
    subprocess.run([sys.executable, "-m", "pip", "install", "--disable-pip-version-check", package], check=True)


"""


@pytest.mark.parametrize(
    "call",
    [
        "install('scikit-learn')",
        "install('pandas==1.2.1')",
        "install('sklearn==0.0')",
        "subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-q', 'numpy>=1', 'pandas'])",
        "subprocess.check_call(['pip', 'install', 'numpy'])",
        "install('json')",
        "assert os.system('pip3 install numpy') == 0",
        "import pip\nassert pip.main(['install', 'numpy']) == 0",
        "from pip._internal import main\nassert main(['install', 'numpy']) == 0",
        "subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-r', str(Path(__file__).parent / 'needs.txt')])",
    ],
)
def test_what_is_there_counts_as_installed(bench, call):
    package = bench.package(__init__=TEMPLATE + call + "\n\n\n" + SCORE)
    (package / "needs.txt").write_text("# for scores\nnumpy==1.23.5\nscikit_learn  # metrics\n")

    outcome = bench.run(package)

    assert isinstance(outcome, Scored), outcome


def test_what_is_not_there_is_named_for_the_host_and_stops_no_script_that_does_without(bench):
    outcome = bench.run(TEMPLATE + "install('shapely==1.7.1')\n\n\n" + SCORE)

    assert isinstance(outcome, Scored)
    assert "shapely is not installed on this server" in outcome.logs.stderr


def test_a_package_at_an_address_is_named_by_itself(bench):
    outcome = bench.run(TEMPLATE + "install('git+https://example.org/us/wherever.git@v1')\n\n\n" + SCORE)

    assert "pip: wherever is not installed" in outcome.logs.stderr


def test_a_script_that_imports_what_is_not_there_is_told_which_package_it_is(bench):
    outcome = bench.run(TEMPLATE + "install('shapely==1.7.1')\nimport shapely.geometry\n\n\n" + SCORE)

    assert outcome.code is FailureCode.SCRIPT
    assert "imports `shapely`, which is not installed on this server" in written(outcome.explanation)
