"""Trials through the real evaluator: what passes, what fails, what hangs; and that nothing of it counts anywhere."""

import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app.extensions import db, queue, store
from app.models.challenges import Phase
from app.models.leaderboards import Standing
from app.models.submissions import Entry, Submission
from app.models.trials import Trial
from app.queries import quotas
from app.queries import trial_runs as run_queries
from app.queries import trials as trial_queries
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import trial_runs, trials, workers
from app.tasks import evaluate
from app.tasks import trials as trial_tasks
from app.tasks.metadata import submission_metadata, trial_metadata
from app.tasks.upkeep import Upkeep, tidy_files
from tests.factories import make_challenge, make_package, make_phase, make_submission, make_team, make_trial
from tests.tasks.test_evaluate import RAISES, READS_BOTH, WAITS
from tests.tasks.test_upkeep import in_round, made_old

TRUTH = b"id,label\n1,0\n2,1\n"
GUESS = b"id,score\n1,0.1\n2,0.9\n"


def version_with(source, **changes):
    return make_challenge(package=make_package(__init__=source), annotation=TRUTH, **changes).version


def run():
    return trial_tasks.run_next(now=app_clock.now)


def again(trial_id):
    db.session.rollback()
    return trial_queries.trial(trial_id)


def test_a_trial_shows_scores_by_split_and_what_the_script_printed_and_used(worker):
    trial = make_trial(version_with(READS_BOTH, is_approved=False), content=GUESS).id

    assert run()

    found = again(trial)
    assert (found.status, found.failure_detail) == (SubmissionStatus.FINISHED, None)
    assert found.result == [{"split": "test_split", "scores": {"AUC": 1.0, "F1": 0.25}, "errors": {}}]
    assert found.stdout.startswith("phase dev Host ")
    assert found.submission_result == '{"rows": 2}'
    assert found.seconds > 0
    assert found.peak_bytes > 0
    assert worker.trials.claims() == []


def test_a_trial_touches_no_board_and_no_quota(worker):
    challenge = version_with(READS_BOTH).challenge
    phase_id, team_id = challenge.phases[0].id, make_team(challenge).id
    make_trial(challenge.version, content=GUESS)
    zone = app_clock.now().tzinfo
    before = quotas.left(db.session.get(Phase, phase_id), team_id, now=app_clock.now(), zone=zone)

    run()

    for table in (Submission, Entry, Standing):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert quotas.left(db.session.get(Phase, phase_id), team_id, now=app_clock.now(), zone=zone) == before


def test_a_script_that_raises_fails_its_trial_with_the_traceback(worker):
    trial = make_trial(version_with(RAISES)).id

    run()

    found = again(trial)
    assert (found.status, found.failure) == (SubmissionStatus.FAILED, FailureCode.SCRIPT)
    assert "Traceback" in found.failure_detail
    assert "row 7 has label 1" in found.failure_detail


def test_a_script_that_hangs_is_stopped_at_the_time_limit(worker, monkeypatch):
    settings = worker.app.extensions["settings"]
    monkeypatch.setitem(worker.app.extensions, "settings", replace(settings, evaluation_seconds=1))
    trial = make_trial(version_with(WAITS)).id

    run()

    assert (again(trial).status, again(trial).failure) == (SubmissionStatus.FAILED, FailureCode.TIME)


@pytest.mark.parametrize(
    ("source", "failure", "words"),
    [
        (READS_BOTH, None, ""),
        ("import missing_module_7Q\n", FailureCode.SCRIPT, "missing_module_7Q"),
        ("evaluate = 3\n", FailureCode.SCRIPT, "evaluate"),
    ],
    ids=["sound", "does not load", "not callable"],
)
def test_the_check_says_whether_the_script_loads_and_has_an_evaluate(worker, source, failure, words):
    trial = make_trial(version_with(source), None).id

    run()

    found = again(trial)
    assert found.failure == failure
    assert found.passed == (failure is None)
    assert words in (found.failure_detail or "")


@pytest.mark.parametrize("lost", ["file", "annotation", "package"])
def test_a_file_that_is_gone_fails_the_trial_as_ours(worker, lost):
    version = version_with(READS_BOTH)
    trial = make_trial(version, content=GUESS)
    if lost == "package":
        store.discard_package(version.package_key)
    else:
        store.discard(trial.file_key if lost == "file" else version.challenge.phases[0].annotation_key)
    trial_id = trial.id

    run()

    assert (again(trial_id).status, again(trial_id).failure) == (SubmissionStatus.FAILED, FailureCode.OURS)


def test_a_submission_goes_before_a_trial_and_one_ring_serves_both(worker):
    challenge = version_with(READS_BOTH).challenge
    trial = make_trial(challenge.version, content=GUESS)
    made = make_submission(challenge.phases[0], make_team(challenge), content=GUESS)
    trial_id, made_id = trial.id, made.id
    queue.flush()
    evaluate.ring()
    evaluate.ring()

    queue.execute(queue.dequeue())
    assert again(trial_id).status is SubmissionStatus.QUEUED
    assert db.session.get(Submission, made_id).status is SubmissionStatus.FINISHED

    queue.execute(queue.dequeue())
    assert again(trial_id).status is SubmissionStatus.FINISHED


def test_one_ring_runs_all_trials_that_wait_one_after_another(worker):
    version = version_with(READS_BOTH)
    for codename in (None, "dev", "dev"):
        make_trial(version, codename, content=GUESS)
    queue.flush()
    evaluate.ring()

    queue.execute(queue.dequeue())

    assert run_queries.waiting() == 0
    assert run_queries.running() == []


def test_while_a_trial_runs_no_other_is_begun_so_that_submissions_find_a_place(bench, clock):
    version = version_with(READS_BOTH)
    make_trial(version, status=SubmissionStatus.RUNNING)
    make_trial(version, None)

    assert trial_runs.claim_next(worker="w", now=clock.now()) is None


def test_a_trial_that_its_host_stops_is_killed_and_stays_stopped(worker):
    trial = make_trial(version_with(WAITS)).id
    db.session.remove()
    started = time.monotonic()
    thread = threading.Thread(target=_in_app(worker, run))
    thread.start()
    while not worker.trials.claims():
        time.sleep(0.02)

    trials.stop(again(trial), now=app_clock.now())
    upkeep = Upkeep()
    while thread.is_alive():
        upkeep.tick()
        thread.join(0.05)

    assert time.monotonic() - started < 50
    assert again(trial).status is SubmissionStatus.CANCELLED


def _in_app(bench, act):
    def run_in_app():
        with bench.in_app():
            act()

    return run_in_app


# -- a worker that dies ------------------------------------------------------------------------------------------------


def test_a_trial_whose_worker_died_waits_again_and_is_rung_for(bench, clock):
    trial = make_trial(version_with(READS_BOTH))
    assert trial_runs.claim_next(worker="dead", now=clock.now()) == (trial.id, 1)
    clock.advance(seconds=61)

    in_round(bench, Upkeep().sweep)

    assert again(trial.id).status is SubmissionStatus.QUEUED
    assert queue.pending_count() == 1
    assert trial_runs.claim_next(worker="w", now=clock.now()) == (trial.id, 2)


def test_the_result_of_a_worker_that_was_given_up_is_refused(bench, clock):
    trial = make_trial(version_with(READS_BOTH))
    claimed = trial_runs.claim_next(worker="slow", now=clock.now())
    trial_runs.put_back(claimed[0], attempt=claimed[1], cause="lease", uses_attempt=True, now=clock.now())
    trial_runs.claim_next(worker="w", now=clock.now())

    assert not trial_runs.record(trial.id, attempt=1, outcome=None, now=clock.now())
    assert trial_runs.record(trial.id, attempt=2, outcome=None, now=clock.now())


def test_the_third_lost_attempt_is_the_last(bench, clock):
    trial = make_trial(version_with(READS_BOTH))
    for _ in range(3):
        trial_runs.claim_next(worker="w", now=clock.now())
        workers.put_back_all_running(now=clock.now())

    assert (again(trial.id).status, again(trial.id).failure) == (SubmissionStatus.FAILED, FailureCode.OURS)


def test_a_trial_in_hand_keeps_its_lease_through_the_rounds(bench, clock):
    trial = make_trial(version_with(READS_BOTH))
    claim = trial_runs.claim_next(worker="this worker", now=clock.now())
    with bench.trials.holding(claim):
        for _ in range(3):
            clock.advance(seconds=45)
            Upkeep().tick()

    assert again(trial.id).status is SubmissionStatus.RUNNING


def test_the_files_of_trials_stay_as_long_as_their_rows(bench):
    trial = make_trial(version_with(READS_BOTH))
    made_old(store.path(trial.file_key))

    in_round(bench, tidy_files)
    assert store.path(trial.file_key).is_file()

    key = trial.file_key
    db.session.delete(db.session.get(Trial, trial.id))
    db.session.commit()
    in_round(bench, tidy_files)
    assert not store.path(key).exists()


def test_scripts_find_the_same_metadata_in_a_trial_as_in_a_submission(bench):
    challenge = version_with(READS_BOTH).challenge
    make_phase(challenge, codename="final")
    made = make_submission(challenge.phases[0], make_team(challenge))

    assert set(trial_metadata(make_trial(challenge.version), phase_id=1)) == set(submission_metadata(made))
