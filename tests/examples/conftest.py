import importlib.util
import sys

import pytest

from examples.build import EXAMPLES, NAMES


def load(name: str, *parts: str):
    """Import a file or package of an example under a name of its own: three packages are called alike."""
    place = EXAMPLES.joinpath(name, *parts)
    alias = "_".join(("example", name.replace("-", "_"), *(part.removesuffix(".py") for part in parts)))
    if alias not in sys.modules:
        file = place / "__init__.py" if place.is_dir() else place
        search = [str(place)] if place.is_dir() else None
        spec = importlib.util.spec_from_file_location(alias, file, submodule_search_locations=search)
        sys.modules[alias] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[alias])
    return sys.modules[alias]


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def score(tmp_path):
    """Score a file the way the server does: by position, with the metadata as keyword."""

    def scored(name: str, content: bytes, *, phase: str = "dev"):
        submission = tmp_path / "5d1f7c.csv"
        submission.write_bytes(content)
        (annotation,) = (EXAMPLES / name / "annotations").iterdir()
        script = load(name, "evaluation_script")
        return script.evaluate(str(annotation), str(submission), phase, submission_metadata={"id": 1})

    return scored


@pytest.fixture
def refusal(score):
    """Return what a participant is told about a file."""

    def told(name: str, content: bytes) -> str:
        with pytest.raises(ValueError) as problem:
            score(name, content)
        return str(problem.value)

    return told


@pytest.fixture
def baseline(tmp_path, monkeypatch):
    """Run an example's baseline as a participant would and return its file."""

    def made(name: str) -> bytes:
        out = tmp_path / "baseline-output"
        monkeypatch.setattr(sys, "argv", ["baseline.py", "--out", str(out)])
        load(name, "baseline.py").main()
        return out.read_bytes()

    return made


@pytest.fixture
def load_metrics():
    load("digits-ranking", "evaluation_script")
    return sys.modules["example_digits_ranking_evaluation_script.metrics"]
