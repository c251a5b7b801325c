"""A real evaluator, real children, and folders to give them."""

import subprocess
import sys

import pytest

from app.evaluation.job import Job, Limits
from app.evaluation.outcome import Expected
from app.evaluation.runner import Evaluator

_TRY_NAMESPACE = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) and 1)"


def machine_refuses_namespaces():
    """Say whether this machine could not isolate anything, whoever wrote the walls."""
    return (
        sys.platform != "linux" or subprocess.run([sys.executable, "-c", _TRY_NAMESPACE], check=False).returncode != 0
    )


@pytest.fixture(scope="session")
def evaluator(tmp_path_factory):
    if machine_refuses_namespaces():
        pytest.skip("this machine allows no user namespaces, so nothing can be evaluated on it")
    made = Evaluator(jobs_dir=tmp_path_factory.mktemp("data") / "jobs")
    isolation = made.start()
    assert isolation.level in {"A", "B"}, isolation.summary
    yield made
    made.close()


class Bench:
    """Makes a package from source text and evaluates with it."""

    def __init__(self, evaluator, folder):
        self.evaluator, self.folder = evaluator, folder
        self.expected = Expected(splits=("test",), labels={"test": ("score",)})
        self.annotation = self.file("truth.csv", "id,label\n1,0\n")
        self.submission = self.file("guess.csv", "id,score\n1,0.5\n")

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o600)
        return path

    def package(self, **modules):
        """Write a package: package(__init__="...", main="...")."""
        folder = self.folder / f"package-{len(list(self.folder.iterdir()))}"
        folder.mkdir(mode=0o700)
        for name, source in modules.items():
            (folder / f"{name}.py").write_text(source, encoding="utf-8")
            (folder / f"{name}.py").chmod(0o600)
        return folder

    def job(self, package, **changes):
        fields = {
            "key": f"job-{self.folder.name}",
            "package": package,
            "challenge_number": 7,
            "annotation": self.annotation,
            "annotation_suffix": ".csv",
            "submission": self.submission,
            "submission_suffix": ".csv",
            "phase_codename": "dev",
            "limits": Limits(wall_seconds=30),
        }
        return Job(**(fields | changes))

    def run(self, source, *, expected=None, on_start=None, cancelled=None, **changes):
        package = source if not isinstance(source, str) else self.package(__init__=source)
        job = self.job(package, **changes)
        return self.evaluator.evaluate(job, expected=expected or self.expected, on_start=on_start, cancelled=cancelled)


@pytest.fixture
def bench(evaluator, tmp_path):
    return Bench(evaluator, tmp_path)
