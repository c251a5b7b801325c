import pytest

from app.bundles.check import check
from app.bundles.problems import Severity
from tests.bundles.builders import CONFIG, MAIN, SCRIPT, RawZip, challenge_files, changed, written, zip_of


@pytest.fixture
def checked(tmp_path):
    def _checked(files):
        return check(written(tmp_path, zip_of(files)), work_dir=tmp_path / "work", default_zone="UTC")

    return _checked


@pytest.fixture
def scripted(checked):
    return lambda script: checked(challenge_files(script=script))


def raw_folder(script=SCRIPT, name="evaluation_script"):
    files = challenge_files()
    del files["evaluation_script.zip"]
    return files | {f"{name}/{path}": content for path, content in script.items()}


def errors(result):
    return [problem for problem in result.problems if problem.severity is Severity.ERROR]


def said(result):
    return " ".join(problem.text() for problem in result.problems)


def test_the_script_is_unpacked_beside_the_bundle(checked):
    result = checked(challenge_files())

    assert result.ok
    assert (result.script_folder / "main.py").read_text() == MAIN


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("import json\n\nfrom __future__ import annotations\n" + MAIN, 3, "beginning of the file"),
        (MAIN + "return 1\n", 3, "outside function"),
        ("def evaluate(a, b, c):\n    output = {}\n   x = 1\n", 3, "unindent"),
    ],
)
def test_what_python_refuses_is_told_once_with_its_line(scripted, source, line, reason):
    result = scripted({"__init__.py": "from .main import evaluate\n", "main.py": source})

    [problem] = [it for it in result.problems if it.file.startswith("evaluation_script")]
    assert (problem.severity, problem.line) == (Severity.ERROR, line)
    assert reason in problem.text()


@pytest.mark.parametrize("name", ["evaluation_script.zip", "evaluation_script/", "evaluation_script", "script.zip"])
def test_a_raw_folder_is_as_good_as_its_zip(checked, name):
    files = raw_folder()
    files["challenge_config.yaml"] = changed("evaluation_script.zip", name)

    result = checked(files)

    assert result.ok
    assert (result.script_folder / "__init__.py").is_file()


def test_a_repository_as_downloaded_is_read(checked):
    files = raw_folder() | {".github/workflows/run.yml": "on: push\n", ".git/HEAD": "x", "README.md": "x"}

    result = checked({f"my-challenge-main/{path}": content for path, content in files.items()})

    assert result.ok
    assert result.spec.title == "Tumour Challenge"


def test_a_missing_script_names_its_line_and_what_would_cure_it(checked):
    files = challenge_files()
    del files["evaluation_script.zip"]

    problem = errors(checked(files))[0]

    assert (problem.line, problem.path, problem.supply) == (9, "evaluation_script", "evaluation_script.zip")


def test_a_script_that_is_no_zip_is_refused(checked):
    result = checked(challenge_files() | {"evaluation_script.zip": b"print(1)"})

    assert errors(result)[0].text() == "The file is not a zip."
    assert errors(result)[0].file == "evaluation_script.zip"


def test_a_script_zip_is_held_to_the_same_rules(checked):
    raw = RawZip()
    raw.add(b"../../x.py")

    assert "leads out of the bundle" in said(checked(challenge_files() | {"evaluation_script.zip": raw.bytes()}))


def test_a_zip_inside_the_script_stays_a_plain_file(scripted):
    result = scripted({**SCRIPT, "data.zip": zip_of({"inner.zip": zip_of({"x": "x"})})})

    assert result.ok
    assert (result.script_folder / "data.zip").is_file()


def test_a_script_one_folder_down_is_repaired(scripted):
    result = scripted({f"evaluation_script/{name}": content for name, content in SCRIPT.items()})

    assert result.ok
    assert (result.script_folder / "__init__.py").is_file()


def test_a_raw_folder_one_folder_down_is_repaired(checked):
    result = checked(raw_folder({f"inner/{name}": content for name, content in SCRIPT.items()}))

    assert result.ok
    assert (result.script_folder / "main.py").is_file()


def test_a_missing_init_is_added_when_main_has_evaluate(scripted):
    result = scripted({"main.py": MAIN})

    assert result.ok
    assert "from .main import evaluate" in (result.script_folder / "__init__.py").read_text()


def test_a_missing_init_without_evaluate_is_refused(scripted):
    assert "no `__init__.py`" in errors(scripted({"main.py": "x = 1\n"}))[0].text()


def test_a_syntax_error_names_file_and_line(scripted):
    problem = errors(scripted({**SCRIPT, "main.py": "x = 1\ndef evaluate(:\n    pass\n"}))[0]

    assert (problem.file, problem.line, problem.column) == ("evaluation_script.zip/main.py", 2, 14)
    assert [line.text for line in problem.excerpt] == ["x = 1", "def evaluate(:", "    pass"]


def test_python_2_is_explained_by_python_itself(scripted):
    assert "Missing parentheses in call to 'print'" in said(scripted({**SCRIPT, "main.py": MAIN + "print 'x'\n"}))


def test_a_syntax_error_in_a_file_nobody_imports_is_a_warning(scripted):
    result = scripted({**SCRIPT, "old/notes.py": "def :\n"})

    assert result.ok
    assert "but nothing imports it" in said(result)


@pytest.mark.parametrize(
    "source",
    [
        *("(" * 3_000, "-" * 100_000 + "1", "1" + "+1" * 100_000, "x" + ".a" * 100_000, "[" * 90 + "]" * 90),
        *("a\x00b", "\ufeffx = 1", "#" * 2_000_000, "f(" * 199 + ")" * 199, "lambda: " * 20_000 + "1", "'"),
        "if 1:\n" + "".join(" " * depth + "if 1:\n" for depth in range(1, 300)),
    ],
)
def test_no_source_hurts_the_reader(scripted, source):
    result = scripted({**SCRIPT, "main.py": f"{MAIN}\n{source}\n"})

    assert result.spec is None or result.ok


def test_a_source_in_an_undeclared_encoding_is_explained(scripted):
    result = scripted({**SCRIPT, "main.py": MAIN.encode() + "x = 'これは'".encode("cp932")})

    assert "main.py" in errors(result)[0].file


REACHED = {
    "a relative import": {"__init__.py": "from .main import evaluate", "main.py": MAIN},
    "an absolute import of a sibling": {"__init__.py": "from main import evaluate", "main.py": MAIN},
    "its own definition": {"__init__.py": MAIN},
    "a star import": {"__init__.py": "from .main import *", "main.py": MAIN},
    "a new name": {"__init__.py": "from .main import score as evaluate", "main.py": MAIN.replace("evaluate", "score")},
    "two steps": {
        "__init__.py": "from .a.b import evaluate",
        "a/__init__.py": "",
        "a/b.py": "from ..main import evaluate",
        "main.py": MAIN,
    },
    "a try": {
        "__init__.py": "try:\n    from .main import evaluate\nexcept ImportError:\n    from main import evaluate",
        "main.py": MAIN,
    },
    "a package": {"__init__.py": "from .main import evaluate", "main/__init__.py": MAIN},
    "a pip call before": {
        "__init__.py": "import subprocess\nsubprocess.check_call(['pip'])\nfrom .main import evaluate",
        "main.py": MAIN,
    },
    "a lambda": {"__init__.py": "evaluate = lambda a, b, c, **k: {}"},
}
UNSURE = {
    "a condition": {
        "__init__.py": "import sys\nif sys.platform:\n    from .main import evaluate\nelse:\n    evaluate = None",
        "main.py": MAIN,
    },
    "a star import from elsewhere": {"__init__.py": "from somewhere import *"},
    "an assignment": {"__init__.py": "import main\nevaluate = main.run", "main.py": MAIN},
    "exec": {"__init__.py": "exec(open('x').read())"},
    "challenge_data": {"__init__.py": "from challenge_data.challenge_1.main import evaluate", "main.py": MAIN},
    "a circle": {"__init__.py": "from .main import *", "main.py": "from . import *"},
}
MISSING = {
    "nothing": {"__init__.py": "", "main.py": MAIN},
    "another name": {"__init__.py": "from .main import evaluat", "main.py": MAIN},
    "a function that main lacks": {"__init__.py": "from .main import evaluate", "main.py": "def score(a, b, c): ..."},
    "a module that is not there": {"__init__.py": "from .metrics import evaluate"},
    "only inside a function": {"__init__.py": "def f():\n    def evaluate(): ..."},
    "a constant": {"__init__.py": "evaluate = 3"},
    "async": {"__init__.py": "async def evaluate(a, b, c): ..."},
    "a module of that name": {"__init__.py": "from . import evaluate", "evaluate.py": MAIN},
    "two arguments": {"__init__.py": "def evaluate(a, b): ..."},
    "four arguments": {"__init__.py": "def evaluate(a, b, c, d): ..."},
}  # fmt: skip


@pytest.mark.parametrize("case", REACHED)
def test_an_evaluate_that_can_be_seen_is_accepted_in_silence(scripted, case):
    result = scripted(REACHED[case])

    assert result.ok
    assert "evaluate" not in said(result)


@pytest.mark.parametrize("case", UNSURE)
def test_an_evaluate_that_cannot_be_seen_is_a_note(scripted, case):
    result = scripted(UNSURE[case])

    assert result.ok, said(result)
    assert "a trial will show" in said(result)


@pytest.mark.parametrize("case", MISSING)
def test_a_script_without_a_usable_evaluate_is_refused(scripted, case):
    result = scripted(MISSING[case])

    assert not result.ok
    assert errors(result)[0].advice()


@pytest.mark.parametrize(
    "signature", ["a, b, c", "a, b, c, d=1", "*args, **kwargs", "a, b, c, **k", "a, b=1, c=2, d=3"]
)
def test_every_signature_that_takes_three_is_accepted(scripted, signature):
    assert scripted({"__init__.py": f"def evaluate({signature}): ..."}).ok


def test_a_broken_configuration_does_not_hide_a_broken_script(checked):
    result = checked(challenge_files("title: [\n", script={**SCRIPT, "main.py": "def evaluate(:\n"}))

    assert {problem.file for problem in errors(result)} == {"challenge_config.yaml", "evaluation_script.zip/main.py"}


def test_a_challenge_evaluated_elsewhere_needs_no_script(checked):
    files = challenge_files(changed("remote_evaluation: False", "remote_evaluation: True"))
    del files["evaluation_script.zip"]

    result = checked(files)

    assert result.ok
    assert result.script_folder is None


def test_sample_submissions_are_found(checked):
    names = [
        "sample_submission.csv",
        "submissions/team.json",
        "baseline.py",
        "templates/sample.html",
        "annotations/dev.csv",
    ]

    result = checked({**challenge_files(CONFIG), **dict.fromkeys(names, "x")})

    assert result.samples == ("sample_submission.csv", "submissions/team.json")


def test_a_script_too_large_to_be_checked_is_taken_with_a_warning(scripted):
    result = scripted({**SCRIPT, "main.py": MAIN + "#" * 600_000})

    assert result.ok
    assert "could not be checked" in said(result)


@pytest.mark.parametrize(
    "names",
    [
        "submission_path, annotation_path, output_path",
        "test_annotation_file, phase_codename, user_annotation_file=None, user_submission_file=None",
        "user_submission_file, test_annotation_file, phase_codename",
    ],
)
def test_parameters_named_in_another_order_are_warned_of(scripted, names):
    result = scripted({**SCRIPT, "main.py": f"def evaluate({names}, **kwargs):\n    return {{}}\n"})

    [problem] = [problem for problem in result.problems if "in an unusual order" in problem.text()]
    assert (problem.severity, problem.file) == (Severity.WARNING, "evaluation_script.zip/main.py")
    assert result.ok


@pytest.mark.parametrize(
    "names",
    [
        "test_annotation_file, user_submission_file, phase_codename",
        "test_annotation_file, user_annotation_file, phase_name",
        "gt_file, pred_file, phase",
        "a, b, c",
        "*args",
    ],
)
def test_parameters_in_the_usual_order_may_have_any_names(scripted, names):
    assert "unusual order" not in said(
        scripted({**SCRIPT, "main.py": f"def evaluate({names}, **kwargs):\n    return {{}}\n"})
    )
