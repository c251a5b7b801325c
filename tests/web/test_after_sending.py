"""After sending: the wait, one's own list, what is said about a submission, picks and logs, the host's list."""

import csv
import io
from datetime import timedelta

import pytest

from app import clock as app_clock
from app.evaluation.outcome import Logs
from app.extensions import db, writing
from app.models.submissions import Submission
from app.rules.states import SubmissionStatus
from app.services import workers
from app.web.forms.attributes import field_name
from tests.factories import make_account, make_board, make_scored, make_submission, make_team
from tests.factories import scored as scored_outcome

S = SubmissionStatus


@pytest.fixture
def team(challenge):
    return make_team(challenge, make_account("Bob"), make_account("Mia"), name="Bobcats")


def again(submission_id):
    db.session.rollback()
    return db.session.get(Submission, submission_id)


# -- the wait ----------------------------------------------------------------------------------------------------------


def test_the_wait_is_guessed_from_what_runs_took_and_not_said_where_nobody_knows(bob, phase, team, challenge):
    first, waiting = make_submission(phase, make_team(challenge)), make_submission(phase, team).id
    assert "No worker is evaluating" in bob.get("submissions.show", submission_id=waiting).text
    workers.beat(isolation={"level": "A"}, now=app_clock.now())
    assert "It is not known yet" in bob.get("submissions.show", submission_id=waiting).text

    make_scored(phase, team, {}, outcome=scored_outcome({"test_split": {"AUC": 0.5}}, seconds=130.0))

    text = bob.get("submissions.show", submission_id=waiting).text
    assert "Place 2 in the queue." in text
    assert "about 2 minutes" in text
    assert first.status is S.QUEUED


def test_a_worker_that_fell_silent_is_told(bob, phase, team, clock):
    workers.beat(isolation={"level": "A"}, now=clock.now())
    waiting = make_submission(phase, team).id
    assert "less than a minute" in bob.get("submissions.show", submission_id=waiting).text

    clock.advance(seconds=61)

    assert "No worker is evaluating" in bob.get("submissions.show", submission_id=waiting).text


# -- one's own list ----------------------------------------------------------------------------------------------------


def test_the_own_list_is_narrowed_by_phase_and_state_in_its_address(bob, phase, team):
    make_scored(phase, team, {"AUC": 0.5}, file_name="good.csv")
    make_submission(phase, team, status=S.FAILED, file_name="bad.csv")

    failed = bob.get("submissions.mine", slug="tumours", state="failed").text
    nothing = bob.get("submissions.mine", slug="tumours", state="queued", phase="dev").text
    foreign = bob.get("submissions.mine", slug="tumours", state="<b>", phase="no-such").text

    assert "bad.csv" in failed
    assert "good.csv" not in failed
    assert "Nothing like this" in nothing
    assert "Nothing like this" in foreign


def test_method_note_links_and_answers_are_edited_by_the_team_alone(bob, host, phase, team):
    with writing():
        phase.submission_meta_attributes = [{"name": "Model", "type": "radio", "options": ["tree", "net"]}]
    made = make_scored(phase, team, {"AUC": 0.5}).id
    sent = {"method_name": "forest", "method_description": "of 300", "project_url": "https://example.com/a"}

    bob.post("descriptions.save", sent | {field_name("Model"): "net"}, submission_id=made)

    found = again(made)
    assert (found.method_name, found.method_description, found.attributes[0]["value"]) == ("forest", "of 300", "net")
    assert 'href="https://example.com/a"' in bob.get("submissions.show", submission_id=made).text
    assert 'value="forest"' in bob.get("descriptions.edit", submission_id=made).text
    assert host.get("descriptions.edit", submission_id=made).status_code == 404
    wrong = bob.post("descriptions.save", sent | {field_name("Model"): "bush"}, submission_id=made)
    assert (wrong.status_code, again(made).attributes[0]["value"]) == (422, "net")


def test_an_address_that_is_no_page_is_shown_as_text(bob, phase, team):
    made = make_scored(phase, team, {"AUC": 0.5}, project_url="javascript://example.com/%0aalert(1)").id

    text = bob.get("submissions.show", submission_id=made).text

    assert "javascript://example.com" in text
    assert 'href="javascript' not in text


def test_who_left_the_team_sees_nothing_of_it_any_more(pages, bob, phase, team):
    made = make_scored(phase, team, {"AUC": 0.5}).id
    with writing() as session:
        session.delete(next(it for it in team.members if it.account.name == "Bob"))

    for endpoint in ("submissions.show", "submissions.file", "descriptions.edit", "deletions.new"):
        assert bob.get(endpoint, submission_id=made).status_code == 404


# -- picks and logs ----------------------------------------------------------------------------------------------------


def test_a_host_sets_final_picks_and_a_team_picks_one_too_many(bob, host, phase, team):
    make_board(phase, split="private", visibility=1)
    first, second = (make_scored(phase, team, {"AUC": 0.5}).id for _ in range(2))
    assert "Final pick" not in bob.get("submissions.mine", slug="tumours").text

    host.post("phase_settings.set_picks", {"final_picks": "1"}, slug="tumours", codename="dev")
    assert "Without a pick, your best" in bob.get("submissions.mine", slug="tumours").text
    bob.post("submissions.set_picked", {"on": "1"}, submission_id=first)
    answer = bob.post("submissions.set_picked", {"on": "1"}, submission_id=second)

    assert answer.status_code == 409
    assert "has already picked #1" in answer.text
    assert (again(first).picked_at is None, again(second).picked_at is None) == (False, True)


def test_logs_are_opened_after_a_warning_and_tracebacks_stay_with_the_host(pages, bob, host, challenge, phase, team):
    logs = Logs(stdout="rows read: 17", stderr="a warning")
    made = make_scored(phase, team, {}, outcome=scored_outcome({"test_split": {"AUC": 0.5}}, logs=logs)).id
    rival = pages.signed_in(make_team(challenge).members[0].account)
    assert bob.get("submissions.log", submission_id=made, stream="stdout").status_code == 404

    assert "leak through prints" in host.get("phase_settings.ask_about_logs", slug="tumours", codename="dev").text
    unread = host.post("phase_settings.set_logs", {"on": "1"}, slug="tumours", codename="dev")
    assert unread.status_code == 422
    host.post("phase_settings.set_logs", {"on": "1", "understood": "1"}, slug="tumours", codename="dev")

    assert "rows read: 17" in bob.get("submissions.show", submission_id=made).text
    assert bob.get("submissions.log", submission_id=made, stream="stdout").text == "rows read: 17"
    assert rival.get("submissions.log", submission_id=made, stream="stdout").status_code == 404
    host.post("phase_settings.set_logs", slug="tumours", codename="dev")
    assert bob.get("submissions.log", submission_id=made, stream="stdout").status_code == 404


def test_a_bundle_that_disables_logs_has_the_last_word(host, phase):
    with writing():
        phase.disable_logs = True

    answer = host.post("phase_settings.set_logs", {"on": "1", "understood": "1"}, slug="tumours", codename="dev")

    assert answer.status_code == 409
    assert "Open the logs" not in host.get("phase_settings.index", slug="tumours").text


# -- the host's list ---------------------------------------------------------------------------------------------------


def test_the_host_narrows_all_submissions_by_team_and_takes_them_along_as_a_table(host, challenge, phase, team):
    other = make_team(challenge, name="=Owls()")
    make_scored(phase, team, {"AUC": 0.5, "F1": 0.25}, file_name="ours.csv")
    make_submission(phase, other, file_name="theirs.csv", submitted_at=app_clock.now() - timedelta(days=1))

    shown = host.get("hosting.all_submissions", slug="tumours", team="bobc").text
    every = host.get("hosting.submissions_csv", slug="tumours")
    ours = host.get("hosting.submissions_csv", slug="tumours", team="bobc")

    assert ">Bobcats<" in shown
    assert "=Owls" not in shown
    rows = list(csv.DictReader(io.StringIO(every.get_data().decode("utf-8-sig"))))
    assert [(it["team"], it["metric"], it["score"]) for it in rows] == [
        ("Bobcats", "AUC", "0.5"),
        ("Bobcats", "F1", "0.25"),
        ("'=Owls()", "", ""),
    ]
    assert "Owls" not in ours.get_data().decode()


def test_the_chosen_ones_are_evaluated_again_after_a_page_that_says_so(host, phase, team):
    first, second = (make_scored(phase, team, {"AUC": 0.5}).id for _ in range(2))

    asked = host.get_path(f"/challenges/tumours/manage/reruns/new?id={first}").text
    host.post("reruns.begin", {"id": [first]}, slug="tumours")

    assert "1 submission will be" in asked
    assert (again(first).status, again(second).status) == (S.QUEUED, S.FINISHED)
