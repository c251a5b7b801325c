"""Evaluating again and deleting, in the browser: what the host begins, what the team reads."""

from sqlalchemy import select

from app import clock as app_clock
from app.evaluation.outcome import Failed
from app.extensions import db
from app.models.submissions import Submission
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import outcomes, runs
from tests.factories import make_board, make_scored, scored

S = SubmissionStatus


def status_of(submission_id):
    db.session.rollback()
    return db.session.get(Submission, submission_id).status


def evaluate_next(outcome):
    claim = runs.claim_next(worker="w", now=app_clock.now())
    outcomes.record(claim[0], attempt=claim[1], outcome=outcome, now=app_clock.now())


def test_a_host_has_a_phase_evaluated_again_and_reads_old_and_new_side_by_side(host, bob, phase, team):
    made = make_scored(phase, team, {"AUC": 0.7, "F1": 0.7}).id
    assert "1 submission will be" in host.get("reruns.new", slug="tumours", phase="dev").text

    answer = host.post(
        "reruns.begin", {"phase": "dev", "reason": "A label was wrong."}, slug="tumours", follow_redirects=False
    )

    assert answer.location == f"/submissions/{made}"
    waiting = bob.get("submissions.show", submission_id=made).text
    assert "earlier score counts" in waiting
    assert "A label was wrong." in waiting
    assert "Cancel this submission" not in waiting
    evaluate_next(scored({"test_split": {"AUC": 0.8, "F1": 0.8}}))
    assert "0.7000 → 0.8000" in host.get("reruns.index", slug="tumours").text
    shown = bob.get("submissions.show", submission_id=made).text
    assert "0.7000" in shown
    assert "0.8000" in shown


def test_a_new_evaluation_that_failed_is_told_to_both_and_its_traceback_to_the_host_alone(host, bob, phase, team):
    made = make_scored(phase, team, {"AUC": 0.7, "F1": 0.7}).id
    host.post("reruns.begin", {"id": made}, slug="tumours")

    evaluate_next(Failed(code=FailureCode.SCRIPT, detail="KeyError: 'label of row 7'"))

    assert status_of(made) is S.FINISHED
    bobs_page, hosts_page = (it.get("submissions.show", submission_id=made).text for it in (bob, host))
    assert "so the earlier score is kept" in bobs_page
    assert "row 7" in hosts_page
    assert "row 7" not in bobs_page
    assert "so the earlier score is kept" in host.get("reruns.index", slug="tumours").text


def test_earlier_scores_of_a_hidden_split_stay_hidden(host, bob, phase, team):
    make_board(phase, split="private", visibility=1)
    made = make_scored(phase, team, {"test_split": {"AUC": 0.7}, "private": {"AUC": 0.1234}}).id
    host.post("reruns.begin", {"id": made}, slug="tumours")
    evaluate_next(scored({"test_split": {"AUC": 0.7}, "private": {"AUC": 0.4321}}))

    seen, host = (it.get("submissions.show", submission_id=made).text for it in (bob, host))

    assert "0.1234" in host
    assert "0.1234" not in seen
    assert "0.4321" not in seen


def test_the_host_stops_what_was_begun_and_the_earlier_score_is_back(host, bob, phase, team):
    made = make_scored(phase, team, {"AUC": 0.7, "F1": 0.7}).id
    host.post("reruns.begin", {"id": made}, slug="tumours")

    assert bob.post("submissions.cancel", submission_id=made).status_code == 403
    host.post("submissions.cancel", submission_id=made)

    assert status_of(made) is S.FINISHED


def test_a_participant_deletes_after_a_page_that_says_what_goes(bob, phase, team):
    made = make_scored(phase, team, {"AUC": 0.7, "F1": 0.7}, file_name="patients.csv").id
    assert "Nobody can bring them back" in bob.get("deletions.new", submission_id=made).text

    answer = bob.post("deletions.delete", submission_id=made)

    shown = bob.get_path(answer.location).text
    assert "were deleted" in shown
    assert "patients.csv" not in shown
    assert "0.7000" not in shown
    assert bob.get("submissions.file", submission_id=made).status_code == 404
    assert bob.get("submissions.mine", slug="tumours").status_code == 200


def test_a_host_who_deletes_says_why_and_the_team_reads_it(host, bob, phase, team):
    made = make_scored(phase, team, {"AUC": 0.7, "F1": 0.7}).id
    assert host.post("deletions.delete", submission_id=made).status_code == 422

    host.post("deletions.delete", {"reason": "Sent by mistake, as you asked."}, submission_id=made)

    assert status_of(made) is S.DELETED
    assert "Sent by mistake, as you asked." in bob.get("submissions.show", submission_id=made).text
    assert db.session.scalars(select(Submission)).all() != []
