"""From a ring of the bell to a recorded outcome, through the real evaluator."""

import errno
import sqlite3
import threading
import time

import pytest
from sqlalchemy import exc

from app import clock as app_clock
from app.evaluation.runner import Evaluator
from app.extensions import db, queue, store
from app.models.submissions import Submission, SubmissionOutput
from app.queries import quotas
from app.queries import submissions as submission_queries
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import challenges, submissions
from app.tasks import evaluate, patience
from app.tasks.metadata import submission_metadata
from app.tasks.upkeep import Upkeep
from tests.factories import make_admin, make_board, make_challenge, make_package, make_submission, make_team

READS_BOTH = """
import csv
def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    truth = {r["id"]: r["label"] for r in csv.DictReader(open(test_annotation_file))}
    guess = {r["id"]: r["score"] for r in csv.DictReader(open(user_submission_file))}
    right = sum((float(guess[k]) > 0.5) == (v == "1") for k, v in truth.items())
    print("phase", phase_codename, kwargs["submission_metadata"]["participant_team_name"])
    return {"result": [{"test_split": {"AUC": right / len(truth), "F1": 0.25}}], "submission_result": {"rows": len(truth)}}
"""
RAISES = "def evaluate(*a, **k):\n    raise ValueError('row 7 has label 1')\n"
WAITS = "import time\ndef evaluate(*a, **k):\n    time.sleep(60)\n"


def submission_to(source, *, content=b"id,score\n1,0.1\n2,0.9\n", **changes):
    challenge = make_challenge(package=make_package(__init__=source), annotation=b"id,label\n1,0\n2,1\n", **changes)
    return make_submission(challenge.phases[0], make_team(challenge, name="Bobcats"), content=content)


def run():
    evaluate.run_next(now=app_clock.now)


def again(submission_id):
    # also ends the transaction, whose snapshot is older than what the worker wrote
    db.session.rollback()
    return db.session.get(Submission, submission_id)


def test_a_waiting_submission_gets_its_scores(worker):
    made = submission_to(READS_BOTH).id

    run()

    found = again(made)
    assert (found.status, found.failure_detail) == (SubmissionStatus.FINISHED, None)
    assert found.entries[0].scores == {"AUC": 1.0, "F1": 0.25}
    assert db.session.get(SubmissionOutput, made).stdout == "phase dev Bobcats\n"
    assert [it.status.value for it in found.moves] == ["queued", "running", "finished"]
    assert found.seconds > 0
    assert worker.claims() == []


def test_nothing_happens_when_nothing_waits(worker):
    run()

    assert submission_queries.running() == []


def test_an_exception_fails_the_submission_and_its_words_are_kept_for_the_host(worker):
    made = submission_to(RAISES).id

    run()

    found = again(made)
    assert (found.status, found.failure) == (SubmissionStatus.FAILED, FailureCode.SCRIPT)
    assert "row 7 has label 1" in found.failure_detail


def test_a_challenge_approved_while_the_worker_runs_is_evaluated_at_once_by_the_same_worker(worker):
    challenge = make_challenge(
        package=make_package(__init__=READS_BOTH), annotation=b"id,label\n1,1\n", is_approved=False
    )
    run()

    challenges.approve(challenge, version_id=challenge.version_id, approved=True, by=make_admin(), now=app_clock.now())
    made = make_submission(challenge.phases[0], make_team(challenge), content=b"id,score\n1,0.9\n").id
    run()

    assert again(made).status is SubmissionStatus.FINISHED


def test_every_split_of_a_phase_gets_its_scores_and_each_board_its_columns(worker):
    source = 'def evaluate(*a, **k):\n    return {"result": [{"test_split": {"AUC": 1, "F1": 2}}, {"private": {"RMSE": 3}}]}\n'
    challenge = make_challenge(package=make_package(__init__=source))
    make_board(challenge.phases[0], split="private", labels=("RMSE",), visibility=1)
    made = make_submission(challenge.phases[0], make_team(challenge)).id

    run()

    assert [entry.scores for entry in again(made).entries] == [{"AUC": 1.0, "F1": 2.0}, {"RMSE": 3.0}]


def test_a_run_cancelled_meanwhile_is_stopped_and_stays_cancelled(worker):
    made = submission_to(WAITS).id
    db.session.remove()
    started = time.monotonic()
    thread = threading.Thread(target=_in_app(worker, lambda: evaluate.run_next(now=app_clock.now)))
    thread.start()
    while not worker.claims():
        time.sleep(0.02)

    submissions.cancel(db.session.get(Submission, made), now=app_clock.now())
    upkeep = Upkeep()
    while thread.is_alive():
        upkeep.tick()
        thread.join(0.05)

    assert time.monotonic() - started < 50
    assert again(made).status is SubmissionStatus.CANCELLED
    assert again(made).entries == []


def _in_app(bench, act):
    def run_in_app():
        with bench.in_app():
            act()

    return run_in_app


@pytest.mark.parametrize("lost", ["file", "annotation", "package"])
def test_a_file_that_is_gone_is_our_failure_and_costs_the_team_nothing(worker, lost):
    made = submission_to(READS_BOTH)
    if lost == "package":
        store.discard_package(made.version.package_key)
    else:
        store.discard(made.file_key if lost == "file" else made.phase.annotation_key)
    made_id, phase, team_id = made.id, made.phase, made.team_id

    run()

    assert (again(made_id).status, again(made_id).failure) == (SubmissionStatus.FAILED, FailureCode.OURS)
    left = quotas.left(phase, team_id, now=app_clock.now(), zone=app_clock.now().tzinfo)
    assert left.total == phase.max_submissions


def test_while_the_disk_is_full_a_submission_waits_and_uses_no_attempt(worker, monkeypatch):
    made = submission_to(READS_BOTH).id
    full = OSError(errno.ENOSPC, "No space left on device")

    def no_room(*_args, **_options):
        raise full

    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfile", no_room)
        patch.setattr("os.link", no_room)
        run()
        waits = again(made)
        assert (waits.status, waits.attempt, waits.failure) == (SubmissionStatus.QUEUED, 0, None)
    run()

    assert again(made).status is SubmissionStatus.FINISHED


def test_an_outage_before_anything_has_run_costs_no_attempt(worker, monkeypatch):
    made = submission_to(READS_BOTH).id
    away = sqlite3.OperationalError("unable to open database file")
    away.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    outages, read = [exc.OperationalError("select", {}, away)], submission_queries.to_evaluate

    def read_once_it_is_back(number):
        if outages:
            raise outages.pop()
        return read(number)

    monkeypatch.setattr(patience, "PAUSE_S", 0.01)
    monkeypatch.setattr(submission_queries, "to_evaluate", read_once_it_is_back)
    run()

    assert not outages
    assert (again(made).status, again(made).attempt) == (SubmissionStatus.FINISHED, 1)


def test_without_walls_a_submission_waits_and_uses_no_attempt(bench, tmp_path):
    bench.evaluator = Evaluator(jobs_dir=tmp_path / "jobs")
    made = submission_to(READS_BOTH).id

    run()

    found = again(made)
    assert (found.status, found.attempt) == (SubmissionStatus.QUEUED, 0)
    assert found.moves[-1].status is SubmissionStatus.QUEUED


def test_ringing_leaves_one_message_and_running_it_answers(worker):
    made = submission_to(READS_BOTH).id
    queue.flush()

    evaluate.ring()

    assert queue.pending_count() == 1
    queue.execute(queue.dequeue())
    assert again(made).status is SubmissionStatus.FINISHED


def test_a_message_too_many_does_nothing(worker):
    queue.flush()
    evaluate.ring()

    queue.execute(queue.dequeue())

    assert submission_queries.running() == []


@pytest.mark.parametrize("error", [OSError("no space"), sqlite3.OperationalError("database is locked")])
def test_a_queue_that_cannot_be_written_is_noted_and_nobody_is_told_a_failure(bench, monkeypatch, caplog, error):
    def broken(*_args):
        raise error

    monkeypatch.setattr(queue.storage, "enqueue", broken)

    evaluate.ring()

    assert "upkeep will find what waits" in caplog.text


def test_scripts_get_every_key_of_evalais_metadata(bench):
    made = submission_to(READS_BOTH)

    found = submission_metadata(made)

    assert found["participant_team_name"] == "Bobcats"
    assert found["submitted_at"].endswith("Z")
    assert set(found) == {
        "id",
        "participant_team",
        "participant_team_name",
        "execution_time",
        "challenge_phase",
        "created_by",
        "status",
        "input_file",
        "submission_input_file",
        "stdout_file",
        "stderr_file",
        "environment_log_file",
        "started_at",
        "completed_at",
        "submitted_at",
        "rerun_resumed_at",
        "method_name",
        "method_description",
        "project_url",
        "publication_url",
        "is_public",
        "is_flagged",
        "ignore_submission",
        "submission_result_file",
        "when_made_public",
        "is_baseline",
        "job_name",
        "submission_metadata",
        "is_verified_by_host",
    }
