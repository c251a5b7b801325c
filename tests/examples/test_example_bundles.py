import io
import zipfile

import pytest

from app.bundles.check import check
from app.bundles.problems import Severity
from examples.build import EXAMPLES, bundle

ANSWERS = {
    "breast-cancer-auc": "annotations/test_labels.csv",
    "digits-ranking": "annotations/relevance.json",
    "diabetes-rmse": "annotations/test_targets.npz",
}


@pytest.fixture
def checked(tmp_path):
    def read(content: bytes):
        path, work = tmp_path / "upload.zip", tmp_path / "work"
        path.write_bytes(content)
        work.mkdir()
        return check(path, work_dir=work, default_zone="Asia/Tokyo")

    return read


def downloaded(name: str) -> bytes:
    """Zip a folder as a repository is downloaded: one folder at the top, the script not zipped, the README inside."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted((EXAMPLES / name).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, f"{name}-main/{path.relative_to(EXAMPLES / name).as_posix()}")
    return target.getvalue()


def serious(answer):
    return [problem for problem in answer.problems if problem.severity is not Severity.NOTE]


def test_a_built_example_is_a_bundle_without_errors_or_warnings(name, checked):
    answer = checked(bundle(EXAMPLES / name))

    assert answer.ok
    assert serious(answer) == []
    assert {phase.test_annotation_file for phase in answer.spec.challenge_phases} == {ANSWERS[name]}


def test_an_example_zipped_as_a_repository_is_sound_too(name, checked):
    answer = checked(downloaded(name))

    assert answer.ok
    assert [problem for problem in serious(answer) if problem.severity is Severity.ERROR] == []


def test_the_sample_submission_is_found_for_the_trial(name, checked):
    answer = checked(bundle(EXAMPLES / name))

    assert answer.samples[0].startswith("sample_submission.")


def test_the_japanese_example_keeps_its_title(checked):
    answer = checked(bundle(EXAMPLES / "diabetes-rmse"))

    assert answer.spec.title == "糖尿病の進行予測"
