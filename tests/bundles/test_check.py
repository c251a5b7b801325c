import re

import pytest

from app.bundles.archive import open_bundle
from app.bundles.check import check, check_folder, supplied
from app.bundles.problems import Severity
from tests.bundles.article import CONFIG as ARTICLE
from tests.bundles.builders import SCRIPT, challenge_files, changed, png, written, zip_of

PAGES = (
    "description",
    "evaluation_details",
    "terms_and_conditions",
    "submission_guidelines",
    "challenge_test_description",
)


ARTICLE_MAIN = """\
def evaluate(truth, guess, phase, **kwargs):
    if phase == "auc":
        return {"result": [{"auc": {"AUC": 0.5}}]}
    return {"result": [{"map_etc": {"F1@10": 0.5, "MAP@10": 0.5}}]}
"""


def article_files(config=ARTICLE, *, line_end="\n"):
    return {
        "challenge_config.yaml": config.replace("\n", line_end).encode(),
        "logo.png": png(),
        "annotations/auc_test.csv": "id,y\n1,0\n",
        "annotations/map_etc_true.json": "{}",
        "evaluation_script.zip": zip_of({**SCRIPT, "main.py": ARTICLE_MAIN}),
        **{f"templates/{page}.html": "<p>説明</p>" for page in PAGES},
    }


@pytest.fixture
def checked(tmp_path):
    def _checked(files, zone="Asia/Tokyo"):
        return check(written(tmp_path, zip_of(files)), work_dir=tmp_path / "work", default_zone=zone)

    return _checked


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_configuration_of_the_article_is_taken_as_it_stands(checked, line_end):
    result = checked(article_files(line_end=line_end))

    assert result.ok
    assert {problem.severity for problem in result.problems} == {Severity.NOTE}
    assert [board.labels for board in result.spec.leaderboard] == [("AUC",), ("F1@10", "MAP@10")]
    assert [phase.codename for phase in result.spec.challenge_phases] == ["auc", "map_etc"]


def test_its_lists_may_stand_without_indentation(checked):
    lines = ARTICLE.split("\n")
    flat = [re.sub(r"^  ", "", line) for line in lines]

    result = checked(article_files("\n".join(flat)))

    assert result.ok


def test_the_copy_that_lost_its_indentation_is_explained(checked):
    result = checked(article_files(re.sub(r"(?m)^ +", "", ARTICLE)))

    errors = [problem for problem in result.problems if problem.severity is Severity.ERROR]
    assert (errors[0].line, errors[0].text()) == (
        18,
        "This line belongs to the list item of line 17, but starts in column 1.",
    )


def test_a_japanese_title_codename_and_binary_annotation_are_taken(checked):
    config = changed("title: test_competition", "title: 社内コンペ：AUCで競う", ARTICLE)
    config = changed("codename: auc #この", "codename: 予測 A #この", config)

    result = checked(article_files(config) | {"annotations/auc_test.csv": b"\x80\x04\x95\x00"})

    assert result.spec.title == "社内コンペ：AUCで競う"
    assert result.spec.phase("予測 A").test_annotation_file == "annotations/auc_test.csv"


@pytest.mark.parametrize(
    "title", ["'COVID: the task'", "Défi d'été", "Who's there", "挑战赛", "🎉 Party", "3D-Vision", "2026"]
)
def test_every_kind_of_title_is_taken(checked, title):
    assert checked(challenge_files(changed("Tumour Challenge", title))).ok


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04"])
def test_what_cannot_be_opened_gives_problems_and_no_folder(tmp_path, content):
    result = check(written(tmp_path, content), work_dir=tmp_path / "work", default_zone="UTC")

    assert not result.ok
    assert (result.spec, result.root, result.script_folder) == (None, None, None)
    assert result.count(Severity.ERROR) == 1


def test_all_problems_of_all_files_come_at_once(checked):
    files = challenge_files(changed("visibility: 3", "visibility: 9"), script={"__init__.py": "def evaluate(:"})
    del files["templates/phase.html"]

    result = checked(files)

    assert [(problem.file, problem.line) for problem in result.problems if problem.severity is Severity.ERROR] == [
        ("challenge_config.yaml", 20),
        ("challenge_config.yaml", 39),
        ("evaluation_script.zip/__init__.py", 1),
    ]


def test_a_missing_file_can_be_supplied_without_packing_again(tmp_path):
    files = challenge_files()
    del files["annotations/dev.csv"]
    opened = open_bundle(written(tmp_path, zip_of(files)), tmp_path / "work" / "bundle")
    first = check_folder(opened, work_dir=tmp_path / "work", default_zone="UTC")
    wanted = next(problem.supply for problem in first.problems if problem.supply)

    (opened.root / "annotations").mkdir()
    (opened.root / wanted).write_text("id,label\n1,0\n")
    second = check_folder(supplied(opened, wanted), work_dir=tmp_path / "work", default_zone="UTC")

    assert not first.ok
    assert second.ok


def test_the_files_of_the_bundle_are_listed_with_their_sizes(checked):
    result = checked(challenge_files())

    assert {file.path: file.size for file in result.files}["logo.png"] == len(png())
