"""What an evaluation gave is recorded once, by the attempt that runs, all of it or nothing."""

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.evaluation.outcome import Failed, Logs, SplitScores
from app.extensions import db
from app.models.leaderboards import BoardVersion, Standing
from app.models.submissions import Entry, SubmissionMove, SubmissionOutput
from app.queries import submissions as submission_queries
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import outcomes, runs, submissions
from tests.factories import make_board, make_challenge, make_scored, make_submission, make_team, scored
from tests.services.test_submissions import released_together

pytestmark = pytest.mark.usefixtures("site")

SCORES = {"test_split": {"AUC": 0.75, "F1": 0.5}}


@pytest.fixture
def challenge():
    return make_challenge()


@pytest.fixture
def running(challenge, phase):
    return make_submission(phase, make_team(challenge), status=SubmissionStatus.RUNNING)


def record(submission, outcome, *, attempt=1):
    return outcomes.record(submission.id, attempt=attempt, outcome=outcome, now=app_clock.now())


def entries():
    return db.session.scalars(select(Entry)).all()


def version(split):
    db.session.expire_all()
    return db.session.get(BoardVersion, split.id).version


def test_scores_become_an_entry_a_standing_and_a_new_version_of_the_board(phase, running):
    before = version(phase.splits[0])

    assert record(running, scored(SCORES, seconds=1.5, peak_bytes=7, notes=("left out X",)))

    assert running.status is SubmissionStatus.FINISHED
    assert (running.seconds, running.peak_bytes, running.notes) == (1.5, 7, ["left out X"])
    assert (running.worker, running.lease_until) == (None, None)
    assert [it.scores for it in entries()] == [SCORES["test_split"]]
    assert submission_queries.standing_of(phase.splits[0].id, running.team_id).score == 0.75
    assert version(phase.splits[0]) == before + 1
    assert running.moves[-1].status is SubmissionStatus.FINISHED


def test_the_same_result_twice_is_recorded_once(phase, running):
    record(running, scored(SCORES))
    after = version(phase.splits[0])

    assert not record(running, scored({"test_split": {"AUC": 0.99, "F1": 0.99}}))

    assert [it.scores for it in entries()] == [SCORES["test_split"]]
    assert version(phase.splits[0]) == after
    assert len(running.moves) == 2


def test_a_zombies_result_is_refused(running):
    runs.put_back(running.id, attempt=1, cause="lease", uses_attempt=True, now=app_clock.now())
    assert runs.claim_next(worker="second", now=app_clock.now()) == (running.id, 2)

    assert not record(running, scored({"test_split": {"AUC": 0.99}}), attempt=1)
    assert record(running, scored(SCORES), attempt=2)

    assert [it.scores for it in entries()] == [SCORES["test_split"]]


def test_a_cancelled_submission_gets_no_scores(running):
    submissions.cancel(running, now=app_clock.now())

    assert not record(running, scored(SCORES))

    assert entries() == []


@pytest.mark.parametrize("status", [s for s in SubmissionStatus if s is not SubmissionStatus.RUNNING])
def test_only_what_runs_can_be_recorded(challenge, phase, status):
    made = make_submission(phase, make_team(challenge), status=status, attempt=1)

    assert not record(made, scored(SCORES))

    assert made.status is status


def test_a_result_for_a_submission_that_is_gone_is_dropped(running):
    assert not outcomes.record(999, attempt=1, outcome=scored(SCORES), now=app_clock.now())


def test_a_failure_keeps_its_reason_and_leaves_the_board_as_it_was(challenge, phase):
    team = make_team(challenge)
    make_scored(phase, team, {"AUC": 0.7, "F1": 0.7})
    before = version(phase.splits[0])
    made = make_submission(phase, team, status=SubmissionStatus.RUNNING)

    record(made, Failed(code=FailureCode.SCRIPT, detail="Traceback: no column", logs=Logs(stdout="out", stderr="err")))

    output = db.session.get(SubmissionOutput, made.id)
    assert (made.status, made.failure, made.failure_detail) == (
        SubmissionStatus.FAILED,
        FailureCode.SCRIPT,
        "Traceback: no column",
    )
    assert (output.stdout, output.stderr, output.result) == ("out", "err", None)
    assert version(phase.splits[0]) == before
    assert submission_queries.standing_of(phase.splits[0].id, team.id).score == 0.7


def test_a_run_stopped_because_nobody_wants_it_is_cancelled_not_failed(running):
    record(running, Failed(code=FailureCode.CANCELLED, detail="stopped"))

    assert running.status is SubmissionStatus.CANCELLED


def test_where_logs_are_off_nothing_printed_is_kept(challenge, phase):
    phase.disable_logs = True
    db.session.commit()
    made = make_submission(phase, make_team(challenge), status=SubmissionStatus.RUNNING)

    record(made, scored(SCORES, logs=Logs(stdout="labels: 1 0 1", stderr="x")))

    output = db.session.get(SubmissionOutput, made.id)
    assert (output.stdout, output.stderr) == ("", "")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_score_that_is_no_finite_number_is_absent_and_ranks_last(challenge, phase, value):
    first = make_submission(phase, make_team(challenge), status=SubmissionStatus.RUNNING)
    record(first, scored({"test_split": {"AUC": value, "F1": 0.5}}))

    assert [it.scores for it in entries()] == [{"F1": 0.5}]
    assert submission_queries.standing_of(phase.splits[0].id, first.team_id).score is None


def test_each_split_gets_its_own_scores_and_one_that_is_missing_gets_none(challenge, phase):
    private = make_board(phase, split="private", visibility=1)
    team = make_team(challenge)

    make_scored(phase, team, {"test_split": {"AUC": 0.5}, "private": {"AUC": 0.6}, "undeclared": {"AUC": 0.7}})
    make_scored(phase, team, {"test_split": {"AUC": 0.9}})

    standings = {it.phase_split_id: it.score for it in db.session.scalars(select(Standing))}
    assert standings == {phase.splits[0].id: 0.9, private.id: 0.6}


def test_error_bars_are_kept_beside_the_scores(running):
    splits = (SplitScores(split="test_split", scores={"AUC": 0.5}, errors={"AUC": 0.01}),)

    record(running, scored({}, splits=splits))

    assert [it.errors for it in entries()] == [{"AUC": 0.01}]


@pytest.mark.race
def test_five_results_of_one_attempt_at_once_are_one(app, phase, running):
    submission_id = running.id
    db.session.remove()

    results = released_together(
        app,
        5,
        lambda n: outcomes.record(
            submission_id, attempt=1, outcome=scored({"test_split": {"AUC": n / 10}}), now=app_clock.now()
        ),
    )

    assert sorted(results) == [False] * 4 + [True]
    assert len(entries()) == 1
    moves = db.session.scalars(select(SubmissionMove).where(SubmissionMove.submission_id == submission_id)).all()
    assert [it.status for it in moves] == [SubmissionStatus.RUNNING, SubmissionStatus.FINISHED]


def test_a_nul_in_what_a_script_says_stops_nothing(running):
    logs = Logs(stdout="before\0after")

    assert record(running, Failed(code=FailureCode.SCRIPT, detail="a\0b", message="c\0d", logs=logs))

    kept = db.session.get(SubmissionOutput, running.id).stdout
    assert (kept[:6], kept[-5:]) == ("before", "after")
    assert running.status is SubmissionStatus.FAILED


def test_more_memory_than_four_gibibytes_is_told(running):
    assert record(running, scored(SCORES, peak_bytes=5 * 1024**3))

    assert running.peak_bytes == 5 * 1024**3
