import hashlib
import io
import struct
import subprocess
import sys
import zipfile
import zlib

import yaml

from examples import make_data, make_logos
from examples.build import EXAMPLES, NAMES, bundle


def test_every_example_is_listed_to_be_built():
    folders = {path.parent.name for path in EXAMPLES.glob("*/challenge_config.yaml")}

    assert folders == set(NAMES) == set(make_data.MAKERS) == set(make_logos.DRAWINGS)


def test_the_committed_data_are_what_make_data_makes(name):
    for relative, content in make_data.MAKERS[name]().items():
        assert (EXAMPLES / name / relative).read_bytes() == content, f"run python -m examples.make_data: {relative}"


def test_participants_are_not_given_the_answers():
    for name, answer in (("breast-cancer-auc", "malignant"), ("diabetes-rmse", "progression")):
        header = (EXAMPLES / name / "data/test.csv").read_text().splitlines()[0]

        assert answer not in header.split(",")


def test_no_row_is_both_for_learning_and_for_testing():
    for name in ("breast-cancer-auc", "diabetes-rmse"):
        train, test = (
            (EXAMPLES / name / "data" / f"{part}.csv").read_text().splitlines()[1:] for part in ("train", "test")
        )

        assert not {row.split(",")[0] for row in train} & {row.split(",")[0] for row in test}


def test_a_zip_is_the_same_bytes_each_time(name):
    first, second = bundle(EXAMPLES / name), bundle(EXAMPLES / name)

    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


def test_a_zip_holds_all_that_the_configuration_names(name):
    with zipfile.ZipFile(io.BytesIO(bundle(EXAMPLES / name))) as archive:
        entries = set(archive.namelist())
        configuration = yaml.safe_load(archive.read("challenge_config.yaml"))
        with zipfile.ZipFile(io.BytesIO(archive.read("evaluation_script.zip"))) as script:
            modules = set(script.namelist())

    wanted = {configuration[key] for key in ("description", "evaluation_details", "terms_and_conditions", "image")}
    wanted |= {configuration["submission_guidelines"], configuration["evaluation_script"]}
    for phase in configuration["challenge_phases"]:
        wanted |= {phase["description"], phase["test_annotation_file"]}
    assert wanted <= entries
    assert {"__init__.py", "main.py", "submission_file.py"} <= modules


def test_a_zip_leaves_out_what_eval_ai_would_leave_out(name, tmp_path):
    folder = tmp_path / "challenge"
    for inside in (
        "evaluation_script/__pycache__/main.pyc",
        ".git/HEAD",
        "github/utils.py",
        "run.sh",
        "submission.json",
    ):
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        (folder / inside).write_bytes(b"left out")
    (folder / "evaluation_script/main.py").write_bytes(b"")
    (folder / "README.md").write_bytes(b"")

    with zipfile.ZipFile(io.BytesIO(bundle(folder))) as archive:
        entries = archive.namelist()

    assert entries == ["evaluation_script.zip", "evaluation_script/main.py"]


def test_the_builder_runs_from_the_command_line(tmp_path):
    command = [sys.executable, "-m", "examples.build", "--into", str(tmp_path / "zips")]

    subprocess.run(command, check=True, cwd=EXAMPLES.parent, capture_output=True, timeout=60)

    assert {path.stem for path in (tmp_path / "zips").iterdir()} == set(NAMES)


def test_the_scores_named_in_the_configuration_are_those_the_script_returns(name, score):
    configuration = yaml.safe_load((EXAMPLES / name / "challenge_config.yaml").read_text())
    (sample,) = (EXAMPLES / name).glob("sample_submission.*")
    codename = {split["id"]: split["codename"] for split in configuration["dataset_splits"]}
    labels = {board["id"]: set(board["schema"]["labels"]) for board in configuration["leaderboard"]}
    phase_name = {phase["id"]: phase["codename"] for phase in configuration["challenge_phases"]}

    for link in configuration["challenge_phase_splits"]:
        answer = score(name, sample.read_bytes(), phase=phase_name[link["challenge_phase_id"]])
        returned = {split: set(metrics) for part in answer["result"] for split, metrics in part.items()}

        assert returned[codename[link["dataset_split_id"]]] == labels[link["leaderboard_id"]]


def test_a_logo_is_the_drawing_and_small(name):
    content = (EXAMPLES / name / "logo.png").read_bytes()

    assert len(content) < 30_000
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == (make_logos.SIZE, make_logos.SIZE)
    length = struct.unpack(">I", content[33:37])[0]
    assert len(zlib.decompress(content[41 : 41 + length])) == make_logos.SIZE * (make_logos.SIZE * 3 + 1)
