"""The commands for bundles, above all that a program can read every answer."""

import json

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.challenges import Challenge
from app.models.trials import Trial
from tests.bundles.builders import challenge_files, changed, written, zip_of
from tests.evaluation.conftest import machine_refuses_namespaces
from tests.factories import make_account, make_host

PROBLEM = {"severity", "file", "line", "column", "path", "message", "hint"}
SCORE = {"status", "result", "submission_result", "stdout", "stderr", "seconds", "reason"}
SCRIPT = """
def evaluate(truth, guess, phase, **more):
    print("metadata", len(more["submission_metadata"]))
    if not open(guess).read().strip():
        raise ValueError("nothing in it")
    return {"result": [{"test_split": {"AUC": 0.75, "F1": 0.5}}], "submission_result": {"rows": 2}}
"""


@pytest.fixture
def run(app, site):
    def run(*arguments):
        return app.test_cli_runner().invoke(args=[str(it) for it in arguments])

    return run


@pytest.fixture
def sound(tmp_path):
    return written(tmp_path, zip_of(challenge_files(script={"__init__.py": SCRIPT})))


@pytest.fixture
def broken(tmp_path):
    files = challenge_files(changed("max_submissions: 100", "max_submissions: many"))
    return written(tmp_path, zip_of(files), "broken.zip")


def test_check_bundle_says_what_it_read(run, sound):
    result = run("check-bundle", sound, "--json")

    answer = json.loads(result.output)
    assert result.exit_code == 0
    assert set(answer) == {"ok", "problems", "challenge"}
    assert answer["ok"]
    assert (answer["challenge"]["title"], answer["challenge"]["phases"]) == ("Tumour Challenge", ["dev"])


def test_check_bundle_names_the_line_and_the_cure(run, broken):
    result = run("check-bundle", broken, "--json")

    answer = json.loads(result.output)
    problem = next(it for it in answer["problems"] if it["severity"] == "error")
    assert (result.exit_code, answer["ok"], answer["challenge"]) == (1, False, None)
    assert set(problem) == PROBLEM
    assert (problem["file"], problem["path"]) == ("challenge_config.yaml", "challenge_phases[0].max_submissions")
    assert problem["line"] > 1
    assert problem["hint"]


@pytest.mark.parametrize("command", [("check-bundle",), ("import-bundle", "--host", "Hana")])
def test_a_zip_that_is_not_there_is_told_in_the_shape_that_was_asked_for(run, command):
    make_host()

    result = run(*command, "50%-sure.zip", "--json")

    answer = json.loads(result.output)
    assert (result.exit_code, answer["ok"], answer["challenge"]) == (1, False, None)
    assert "50%-sure.zip" in answer["problems"][0]["message"]


def test_without_json_a_mistake_is_a_sentence(run):
    result = run("check-bundle", "nowhere.zip")

    assert result.exit_code == 2
    assert "nowhere.zip" in result.output


def test_import_bundle_makes_a_challenge_and_begins_its_trials(run, sound):
    make_host()

    result = run("import-bundle", sound, "--host", "Hana", "--approve", "--json")

    answer = json.loads(result.output)
    assert (result.exit_code, answer["ok"], answer["slug"], answer["approved"]) == (0, True, "tumour-challenge", True)
    assert [it.codename for it in db.session.scalars(select(Trial))] == [None]


@pytest.mark.parametrize(("host", "words"), [("Nobody", "no account"), ("Nina", "people chosen by an administrator")])
def test_import_bundle_refuses_in_json(run, sound, host, words):
    make_account("Nina")

    result = run("import-bundle", sound, "--host", host, "--json")

    answer = json.loads(result.output)
    assert (result.exit_code, answer["ok"]) == (1, False)
    assert words in answer["error"]
    assert db.session.scalar(select(Challenge)) is None


def test_import_bundle_lists_the_problems_of_a_broken_zip(run, broken):
    make_host()

    result = run("import-bundle", broken, "--host", "Hana", "--json")

    assert (result.exit_code, json.loads(result.output)["ok"]) == (1, False)


def test_import_bundle_update_says_what_changes_and_what_waits(run, sound, tmp_path):
    make_host()
    run("import-bundle", sound, "--host", "Hana", "--approve")
    files = challenge_files(changed("title: Tumour", "title: Lump"), script={"__init__.py": SCRIPT + "# again\n"})
    update = ("import-bundle", written(tmp_path, zip_of(files), "next.zip"), "--host", "Hana", "--json", "--update")

    result, unchanged, unknown = (run(*update, slug) for slug in ("tumour-challenge", "tumour-challenge", "nowhere"))

    answer = json.loads(result.output)
    assert (result.exit_code, answer["ok"], answer["slug"]) == (0, True, "tumour-challenge")
    assert (answer["version"], answer["status"], answer["approved"]) == (2, "waiting", False)
    assert [it["kind"] for it in answer["changes"]] == ["text", "scoring"]
    assert (unchanged.exit_code, unknown.exit_code) == (0, 1)
    assert "nowhere" in json.loads(unknown.output)["error"]


def test_import_bundle_update_with_approve_puts_the_version_live(run, sound, tmp_path):
    make_host()
    run("import-bundle", sound, "--host", "Hana", "--approve")
    files = written(tmp_path, zip_of(challenge_files(script={"__init__.py": SCRIPT + "# again\n"})), "next.zip")

    result = run("import-bundle", files, "--host", "Hana", "--update", "tumour-challenge", "--approve", "--json")

    answer = json.loads(result.output)
    assert (answer["version"], answer["status"], answer["approved"]) == (2, "approved", True)


@pytest.mark.skipif(machine_refuses_namespaces(), reason="nothing can be evaluated on this machine")
def test_score_prints_the_scores_or_the_reason_in_one_shape(run, sound, tmp_path):
    good, empty = written(tmp_path, b"id\n1\n", "good.csv"), written(tmp_path, b"\n", "empty.csv")

    scored = run("score", sound, "--phase", "dev", good, "--json")
    failed = run("score", sound, "--phase", "dev", empty, "--json")

    answer = json.loads(scored.output)
    assert (scored.exit_code, set(answer)) == (0, SCORE)
    assert answer["result"] == [{"split": "test_split", "scores": {"AUC": 0.75, "F1": 0.5}}]
    assert (answer["status"], answer["submission_result"], answer["reason"]) == ("finished", {"rows": 2}, None)
    assert answer["stdout"] == "metadata 29\n"
    answer = json.loads(failed.output)
    assert (failed.exit_code, set(answer), answer["status"]) == (1, SCORE, "failed")
    assert "nothing in it" in answer["reason"]


def test_score_says_first_what_the_script_says_to_a_participant_and_shows_both_streams(run, tmp_path):
    script = (
        "import sys\n"
        "class ParticipantVisibleError(ValueError): ...\n"
        "def evaluate(answers, guess, phase, **more):\n"
        "    print('read', file=sys.stderr)\n"
        "    raise ParticipantVisibleError('These ids are missing: 17.')\n"
    )
    bundle = written(tmp_path, zip_of(challenge_files(script={"__init__.py": script})), "tells.zip")
    guess = written(tmp_path, b"id\n1\n", "guess.csv")

    told = run("score", bundle, "--phase", "dev", guess).output
    reason = json.loads(run("score", bundle, "--phase", "dev", guess, "--json").output)["reason"]

    assert "told the participant why. These ids are missing: 17." in reason.splitlines()[0]
    assert "Traceback" in reason
    assert told.rstrip().endswith("read")


def test_score_refuses_in_its_own_shape(run, sound, broken):
    cases = {
        "no phase 'x'": (sound, "--phase", "x", sound),
        "max_submissions": (broken, "--phase", "dev", broken),
        "nowhere.csv": (sound, "--phase", "dev", "nowhere.csv"),
    }
    for words, arguments in cases.items():
        result = run("score", *arguments, "--json")

        answer = json.loads(result.output)
        assert (result.exit_code, set(answer), answer["status"]) == (1, SCORE, "failed")
        assert words in answer["reason"]
