"""Evaluating again: the old score counts until the new one replaces it, and everything that was stays readable."""

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.evaluation.outcome import Failed, Logs
from app.extensions import db, store
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.site import AuditEntry
from app.models.submissions import PastOutcome, Submission
from app.queries import quotas
from app.queries import submissions as submission_queries
from app.rules.errors import Conflict, Invalid, NotAllowed
from app.rules.failures import FailureCode
from app.rules.permissions import Standpoint
from app.rules.states import SubmissionStatus
from app.services import deletions, outcomes, reruns, runs, submissions, workers
from tests.factories import (
    make_account,
    make_board,
    make_challenge,
    make_host,
    make_scored,
    make_submission,
    make_team,
    scored,
)
from tests.services.test_submissions import released_together

pytestmark = pytest.mark.usefixtures("site")

S = SubmissionStatus
HOST = Standpoint(is_host=True)
BETTER = {"test_split": {"AUC": 0.8, "F1": 0.8}}


@pytest.fixture
def host():
    return make_host("Hana")


@pytest.fixture
def challenge(host):
    return make_challenge(host=host)


@pytest.fixture
def team(challenge):
    return make_team(challenge)


@pytest.fixture
def made(phase, team):
    return make_scored(phase, team, {"AUC": 0.7, "F1": 0.7})


def again(challenge, *submissions, by=None, reason="The script was mended."):
    by = by or challenge.hosts[0].account
    ids = [it.id for it in submissions]
    return reruns.rerun(challenge, ids, by=by, reason=reason, now=app_clock.now())


def claim():
    return runs.claim_next(worker="w", now=app_clock.now())


def record(claimed, outcome):
    return outcomes.record(claimed[0], attempt=claimed[1], outcome=outcome, now=app_clock.now())


def standing(phase, team):
    db.session.rollback()
    return submission_queries.standing_of(phase.splits[0].id, team.id)


def test_the_old_score_stands_on_the_board_until_the_new_one_replaces_it(challenge, phase, team, made):
    received, number = made.submitted_at, made.number

    assert again(challenge, made) == 1
    make_scored(phase, team, {"AUC": 0.1, "F1": 0.1})
    assert (made.status, standing(phase, team).score) == (S.QUEUED, 0.7)
    claimed = claim()
    assert standing(phase, team).score == 0.7
    record(claimed, scored(BETTER))

    assert standing(phase, team).score == 0.8
    assert (made.submitted_at, made.number, made.rerun_at) == (received, number, None)
    assert [it.scores["AUC"] for it in made.entries] == [0.8]


def test_every_earlier_outcome_stays_readable_with_its_version_scores_and_logs(challenge, phase, team):
    logs = Logs(stdout="first", stderr="words")
    made = make_scored(phase, team, {}, outcome=scored({"test_split": {"AUC": 0.7}}, logs=logs, seconds=3.0))
    for value in (0.8, 0.9):
        again(challenge, made)
        record(claim(), scored({"test_split": {"AUC": value}}, seconds=1.0))

    kept = made.past
    assert [it.scores[0]["scores"]["AUC"] for it in kept] == [0.8, 0.7]
    assert (kept[1].stdout, kept[1].stderr, kept[1].seconds, kept[1].version_id) == (
        "first",
        "words",
        3.0,
        challenge.version_id,
    )
    assert [it.status for it in made.moves][-3:] == [S.QUEUED, S.RUNNING, S.FINISHED]
    assert [it.reason for it in made.moves if it.cause == "rerun"] == ["The script was mended."] * 2


@pytest.mark.parametrize("code", sorted(set(FailureCode) - {FailureCode.INPUT}))
def test_a_new_evaluation_that_fails_leaves_the_earlier_score_and_keeps_what_went_wrong(
    challenge, phase, team, made, code
):
    again(challenge, made)

    assert record(claim(), Failed(code=code, detail="Traceback", logs=Logs(stdout="out")))

    assert (made.status, made.failure, made.rerun_at) == (S.FINISHED, None, None)
    assert standing(phase, team).score == 0.7
    assert [(it.status, it.failure, it.failure_detail, it.stdout) for it in made.past] == [
        (S.FAILED, code, "Traceback", "out")
    ]
    assert made.moves[-1].cause == "rerun_failed"


def test_a_script_that_now_refuses_the_file_takes_the_score_away(challenge, phase, team, made):
    again(challenge, made)

    record(claim(), Failed(code=FailureCode.INPUT, message="An id is missing."))

    assert (made.status, made.failure_message) == (S.FAILED, "An id is missing.")
    assert made.entries == []
    assert standing(phase, team) is None
    assert made.past[0].scores[0]["scores"]["AUC"] == 0.7


def test_what_failed_before_takes_whatever_comes(challenge, phase, team):
    made = make_submission(phase, team, status=S.RUNNING)
    record((made.id, 1), Failed(code=FailureCode.SCRIPT, detail="old"))
    again(challenge, made)

    record(claim(), scored(BETTER))

    assert (made.status, made.failure, made.failure_detail) == (S.FINISHED, None, None)
    assert standing(phase, team).score == 0.8
    assert made.past[0].failure is FailureCode.SCRIPT


def test_cancelling_brings_the_earlier_outcome_back_and_only_the_host_may(challenge, phase, team, made, host):
    again(challenge, made)
    with pytest.raises(NotAllowed, match="earlier score counts"):
        submissions.cancel(made, now=app_clock.now())
    claimed = claim()

    submissions.cancel(made, by=host, runs_it=True, now=app_clock.now())

    assert not record(claimed, scored(BETTER))
    assert (made.status, made.rerun_at, made.past) == (S.FINISHED, None, [])
    assert standing(phase, team).score == 0.7
    assert (made.moves[-1].cause, made.moves[-1].account_id) == ("rerun_cancelled", host.id)


def test_attempts_are_counted_anew_and_a_worker_of_old_holds_no_number_of_today(challenge, phase, team, made, clock):
    again(challenge, made)

    for expected in (2, 3, 4):
        assert claim() == (made.id, expected)
        clock.advance(seconds=61)
        workers.put_back_lapsed(now=clock.now())
        db.session.refresh(made)

    assert made.status is S.FINISHED
    assert made.past[0].failure is FailureCode.OURS
    assert standing(phase, team).score == 0.7
    assert not outcomes.record(made.id, attempt=1, outcome=scored(BETTER), now=clock.now())


def test_a_worker_that_is_stopped_gives_a_new_evaluation_back_without_touching_the_score(challenge, made):
    again(challenge, made)
    claimed = claim()

    runs.put_back(claimed[0], attempt=claimed[1], cause="stop", uses_attempt=False, now=app_clock.now())

    assert made.status is S.QUEUED
    assert made.rerun_at is not None
    assert made.entries != []


@pytest.mark.parametrize("status", [S.QUEUED, S.RUNNING, S.CANCELLED, S.DELETED])
def test_only_what_finished_or_failed_is_evaluated_again(challenge, phase, team, status):
    made = make_submission(phase, team, status=status)

    with pytest.raises(Conflict, match="only submissions that finished or failed"):
        again(challenge, made)

    assert made.status is status


def test_submissions_of_another_challenge_are_left_out(challenge, made):
    other = make_challenge()
    theirs = make_scored(other.phases[0], make_team(other), {"AUC": 0.5})

    assert again(challenge, made, theirs) == 1

    assert theirs.status is S.FINISHED


def test_new_files_go_first_and_a_team_keeps_its_places(challenge, phase, team, made):
    again(challenge, made)
    zone = app_clock.now().tzinfo
    assert quotas.left(phase, team.id, now=app_clock.now(), zone=zone).concurrent == 3

    new = make_submission(phase, make_team(challenge))

    assert submission_queries.waiting_in_order() == [new.id, made.id]


def test_it_is_written_down_who_began_it(challenge, made, host):
    again(challenge, made)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "submission.rerun")).one()
    assert (entry.account_id, entry.details["submissions"]) == (host.id, [made.id])
    assert made.moves[-1].account_id == host.id


def test_the_board_of_a_hidden_split_changes_with_it(challenge, phase, team):
    private = make_board(phase, split="private", visibility=1)
    made = make_scored(phase, team, {"test_split": {"AUC": 0.7}, "private": {"AUC": 0.6}})
    again(challenge, made)

    record(claim(), scored({"test_split": {"AUC": 0.7}, "private": {"AUC": 0.1}}))

    assert submission_queries.standing_of(private.id, team.id).score == 0.1


# -- deleting ----------------------------------------------------------------------------------------------------------


def test_deleting_takes_file_scores_and_words_and_leaves_a_row_that_counts(phase, team, made):
    second = make_scored(phase, team, {"AUC": 0.9, "F1": 0.9}, method_name="secret sauce")
    path, zone = store.path(second.file_key), app_clock.now().tzinfo
    before = quotas.left(phase, team.id, now=app_clock.now(), zone=zone)
    sender = team.members[0].account

    deletions.delete(second, person=Standpoint(team_id=team.id), by=sender, reason="", now=app_clock.now())

    assert not path.exists()
    assert (second.status, second.method_name, second.file_name, second.entries, second.output) == (
        S.DELETED,
        "",
        "",
        [],
        None,
    )
    assert standing(phase, team).submission_id == made.id
    assert quotas.left(phase, team.id, now=app_clock.now(), zone=zone) == before
    assert second.moves[-1].account_id == sender.id


def test_a_cancelled_one_costs_nothing_after_it_is_deleted_either(phase, team):
    made = make_submission(phase, team)
    sender, zone = team.members[0].account, app_clock.now().tzinfo
    submissions.cancel(made, now=app_clock.now())

    deletions.delete(made, person=Standpoint(team_id=team.id), by=sender, reason="", now=app_clock.now())

    assert quotas.left(phase, team.id, now=app_clock.now(), zone=zone).total == phase.max_submissions


@pytest.mark.parametrize("status", [S.QUEUED, S.RUNNING])
def test_what_waits_or_runs_is_cancelled_first(phase, team, status):
    made = make_submission(phase, team, status=status)

    with pytest.raises(Conflict, match="Cancel it first"):
        deletions.delete(
            made, person=Standpoint(team_id=team.id), by=team.members[0].account, reason="", now=app_clock.now()
        )


def test_what_has_a_score_stays_once_the_phase_is_over_unless_the_host_says_why(phase, team, made, host, clock):
    clock.advance(days=21)
    with pytest.raises(NotAllowed, match="scores are final"):
        deletions.delete(
            made, person=Standpoint(team_id=team.id), by=team.members[0].account, reason="", now=clock.now()
        )

    deletions.delete(made, person=HOST, by=host, reason="Holds names of patients.", now=clock.now())

    assert made.status is S.DELETED
    assert made.moves[-1].reason == "Holds names of patients."


def test_nobody_else_deletes_it_and_a_host_needs_a_reason(challenge, phase, host):
    sender, mate = make_account(), make_account()
    team = make_team(challenge, sender, mate)
    made = make_scored(phase, team, {"AUC": 0.5})

    with pytest.raises(NotAllowed, match="Only the person who sent"):
        deletions.delete(made, person=Standpoint(team_id=team.id), by=mate, reason="x", now=app_clock.now())
    with pytest.raises(NotAllowed, match="Only the person who sent"):
        deletions.delete(made, person=Standpoint(), by=sender, reason="x", now=app_clock.now())
    with pytest.raises(Invalid, match="Give a reason"):
        deletions.delete(made, person=HOST, by=host, reason=" ", now=app_clock.now())

    assert made.status is S.FINISHED


# -- races -------------------------------------------------------------------------------------------------------------


def both(app, first, second):
    """Run two deeds at one moment, again and again; return what each gave or raised."""
    return released_together(app, 2, lambda number: (first, second)[number]())


def found(submission_id):
    return db.session.get(Submission, submission_id)


def test_deleting_and_evaluating_again_at_one_moment_one_of_them_is_told_it_was_late(app, challenge, made, host):
    ids = made.id, challenge.id, host.id
    db.session.remove()

    def delete():
        by = db.session.get(Account, ids[2])
        deletions.delete(found(ids[0]), person=HOST, by=by, reason="x", now=app_clock.now())

    def rerun():
        challenge = db.session.get(Challenge, ids[1])
        return reruns.rerun(challenge, [ids[0]], by=db.session.get(Account, ids[2]), reason="", now=app_clock.now())

    results = both(app, delete, rerun)

    assert sum(isinstance(it, Conflict) for it in results) == 1, results
    status = found(ids[0]).status
    assert status is (S.DELETED if isinstance(results[1], Conflict) else S.QUEUED)
    assert (found(ids[0]).entries == []) is (status is S.DELETED)


def test_cancelling_and_scoring_at_one_moment_one_of_them_is_told_it_was_late(app, phase, team):
    running = make_submission(phase, team, status=S.RUNNING).id
    db.session.remove()

    results = both(
        app,
        lambda: submissions.cancel(found(running), now=app_clock.now()),
        lambda: outcomes.record(running, attempt=1, outcome=scored(BETTER), now=app_clock.now()),
    )

    cancelled = found(running).status is S.CANCELLED
    assert results[1] is not cancelled
    assert isinstance(results[0], Conflict) is not cancelled
    assert (found(running).entries == []) is cancelled


def test_cancelling_and_claiming_at_one_moment_leave_it_cancelled(app, phase, team):
    waiting = make_submission(phase, team).id
    db.session.remove()

    results = both(app, lambda: submissions.cancel(found(waiting), now=app_clock.now()), claim)

    assert results[0] is None
    assert found(waiting).status is S.CANCELLED
    assert claim() is None


@pytest.mark.race
def test_two_hosts_at_one_moment_begin_one_new_evaluation(app, challenge, made, host):
    ids = made.id, challenge.id, host.id
    db.session.remove()

    def rerun(_number):
        by, challenge = db.session.get(Account, ids[2]), db.session.get(Challenge, ids[1])
        return reruns.rerun(challenge, [ids[0]], by=by, reason="", now=app_clock.now())

    results = released_together(app, 4, rerun)

    assert sorted(str(type(it).__name__) for it in results) == ["Conflict"] * 3 + ["int"]
    assert len(db.session.scalars(select(PastOutcome)).all()) == 1
