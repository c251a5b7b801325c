"""What the import says where a script and its configuration speak of different phases, splits or metrics."""

import pytest

from app.bundles.check import check
from app.bundles.problems import Severity
from tests.bundles.builders import CONFIG, challenge_files, changed, written, zip_of

TWO_PHASES = CONFIG.replace(
    "dataset_splits:",
    """\
  - id: 2
    name: Final Phase
    description: templates/phase.html
    start_date: 2026-01-19 00:00:00
    end_date: 2099-04-25 23:59:59
    test_annotation_file: annotations/dev.csv
    codename: final
dataset_splits:""",
) + ("  - challenge_phase_id: 2\n    leaderboard_id: 1\n    dataset_split_id: 1\n")
SCORES = '{"AUC": 1, "F1": 1}'


@pytest.fixture
def remarks(tmp_path):
    """Check a challenge whose evaluate() has this body, and return what is said of it as severity, line and text."""

    def _remarks(body, *, config=CONFIG):
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        main = f"def evaluate(truth, guess, phase, **kwargs):\n    output = {{}}\n{lines}"
        files = challenge_files(config, script={"__init__.py": "from .main import evaluate\n", "main.py": main})
        found = check(
            written(tmp_path, zip_of(files)),
            work_dir=tmp_path / f"work-{len(list(tmp_path.iterdir()))}",
            default_zone="UTC",
        )
        assert found.ok
        return [
            (it.severity.value, it.line, it.text())
            for it in found.problems
            if it.file == "evaluation_script.zip/main.py"
        ]

    return _remarks


def branches(first, second="final"):
    return (
        f'if phase == "{first}":\n    output["result"] = [{{"test_split": {SCORES}}}]\n'
        f'elif phase == "{second}":\n    output["result"] = [{{"test_split": {SCORES}}}]\n'
        f"return output\n"
    )


def test_a_script_that_knows_every_phase_needs_no_remark(remarks):
    assert remarks(branches("dev"), config=TWO_PHASES) == []


def test_a_phase_that_the_script_does_not_know_is_told_with_those_it_knows(remarks):
    [(severity, line, text)] = remarks(branches("train"), config=TWO_PHASES)

    assert (severity, line) == ("warning", 3)
    assert text == "For the phase `dev` the script returns no result; it knows the codenames `train`, `final`."


@pytest.mark.parametrize(
    "body",
    [
        f'if phase == "train":\n    print("train")\noutput["result"] = [{{"test_split": {SCORES}}}]\nreturn output',
        f'if phase == "train":\n    return {{"result": []}}\nelse:\n    return {{"result": [{{"test_split": {SCORES}}}]}}',
        f'if phase == "train":\n    raise ValueError\nreturn {{"result": [{{"test_split": {SCORES}}}]}}',
        f'if phase in ("train", "dev"):\n    output["result"] = [{{"test_split": {SCORES}}}]\nreturn output',
        f'if phase != "dev":\n    return {{"error": "unknown"}}\nreturn {{"result": [{{"test_split": {SCORES}}}]}}',
        'if phase == "train":\n    output = {"result": []}\nelse:\n    output = score(truth)\nreturn output',
        'if phase == "train":\n    print("train")\nfill(output)\nreturn output',
        'if phase == "train":\n    return {"result": []}\nreturn score(truth)',
        'split = "a" if phase == "train" else "b"\nreturn {"result": [{split: {"AUC": 1}}]}',
        'output["result"] = [{f"{phase}_split": {"AUC": 1}}]\nreturn output',
        'output["result"] = []\noutput["result"].append({"test_split": score(truth)})\nreturn output',
        'output["result"] = [{"test_split": {"AUC": 1}}]\noutput["result"][0]["test_split"]["F1"] = 1\nreturn output',
        'return {"result": [{"split": "test_split", "show_to_participant": True, "accuracies": {"auc": 1, "f_1": 1}}]}',
        'try:\n    return {"result": {"test_split": score(truth)}}\nexcept ValueError as problem:\n    return problem',
        'return {"result": [{"split": "test_split", "metrics": {"error": "no tasks"}}]}',
    ],
)
def test_what_cannot_be_told_or_is_sound_is_not_remarked_on(remarks, body):
    assert remarks(body) == []


def test_a_split_that_the_phase_does_not_have_is_told(remarks):
    said = remarks(
        f'if phase == "dev":\n    output["result"] = [{{"train_split": {SCORES}}}, {{"test_split": {SCORES}}}]\nreturn output'
    )

    assert said == [
        (
            "warning",
            4,
            "For the phase `dev` the script returns the split `train_split`; the phase has only `test_split`.",
        )
    ]


def test_a_result_in_plain_map_is_read_as_well(remarks):
    [(_, _, text)] = remarks('output["result"] = {"grounding": score(truth)}\nreturn output')

    assert "returns the split `grounding`" in text


def test_metrics_under_other_names_are_told(remarks):
    none = remarks('return {"result": [{"test_split": {"Metric1": 1, "Total": 2}}]}')
    some = remarks('return {"result": [{"test_split": {"AUC": 1, "Total": 2}}]}')

    assert none == [
        (
            "warning",
            3,
            (
                "For the split `test_split` the script returns `Metric1`, `Total`; the metrics of its leaderboard are "
                "`AUC`, `F1`."
            ),
        )
    ]
    assert some == [
        ("note", 3, "For the split `test_split` the script leaves out `F1`; the leaderboard shows it as missing.")
    ]


def test_a_challenge_with_a_worker_of_its_own_is_not_compared(remarks):
    config = changed("remote_evaluation: False", "remote_evaluation: True")

    assert remarks('return {"result": [{"other": {"A": 1}}]}', config=config) == []


@pytest.mark.parametrize(
    "body",
    [
        "if phase == 'a0':\n    pass\n" + "".join(f"elif phase == 'a{n}':\n    pass\n" for n in range(1, 400)),
        f"x = [{', '.join(['(1, 2)'] * 5_000)}]\nreturn {{'result': x}}",
        "output" + "['a']" * 500 + " = 1\nreturn output",
    ],
)
def test_a_script_that_is_made_to_be_hard_to_read_is_not_remarked_on(remarks, body):
    assert remarks(body) == []


def test_the_remark_shows_the_lines_of_the_script(tmp_path):
    main = 'def evaluate(a, b, c, **k):\n    return {"result": [{"other": {"AUC": 1}}]}\n'
    files = challenge_files(script={"__init__.py": "from .main import evaluate\n", "main.py": main})

    found = check(written(tmp_path, zip_of(files)), work_dir=tmp_path / "work", default_zone="UTC")

    [remark] = [it for it in found.problems if it.severity is Severity.WARNING]
    assert [line.text for line in remark.excerpt] == main.splitlines()
    assert "Use the same name" in remark.advice()
