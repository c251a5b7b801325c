"""What a dead worker leaves behind is put right without anybody's hand."""

from datetime import UTC, timedelta

import pytest

from app.extensions import db
from app.models.submissions import Submission
from app.queries import quotas
from app.queries import site as site_queries
from app.queries import submissions as submission_queries
from app.rules.failures import FailureCode
from app.rules.sentences import written
from app.rules.states import SubmissionStatus
from app.services import runs, submissions, workers
from tests.factories import make_challenge, make_submission, make_team

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def submission(clock):
    challenge = make_challenge()
    return make_submission(challenge.phases[0], make_team(challenge))


def claim(clock):
    return runs.claim_next(worker="w", now=clock.now())


def test_a_run_whose_lease_is_renewed_is_left_alone(clock, submission):
    claimed = claim(clock)
    for _ in range(10):
        clock.advance(seconds=50)
        runs.renew_leases([claimed], now=clock.now())

        assert workers.put_back_lapsed(now=clock.now()) == 0


def test_a_run_whose_lease_lapsed_waits_again_and_its_next_attempt_is_another(clock, submission):
    assert claim(clock) == (submission.id, 1)
    clock.advance(seconds=61)

    assert workers.put_back_lapsed(now=clock.now()) == 1

    db.session.refresh(submission)
    assert (submission.status, submission.worker, submission.lease_until) == (SubmissionStatus.QUEUED, None, None)
    assert claim(clock) == (submission.id, 2)


def test_the_third_lost_attempt_is_the_last_and_the_team_does_not_pay_for_it(clock, submission):
    for _ in range(runs.MOST_ATTEMPTS):
        claim(clock)
        clock.advance(seconds=61)
        workers.put_back_lapsed(now=clock.now())

    db.session.refresh(submission)
    assert (submission.status, submission.failure) == (SubmissionStatus.FAILED, FailureCode.OURS)
    assert "3 times" in written(submission.notes[0])
    left = quotas.left(submission.phase, submission.team_id, now=clock.now(), zone=UTC)
    assert left.total == submission.phase.max_submissions


def test_a_run_put_back_in_good_order_uses_no_attempt(clock, submission):
    for _ in range(5):
        submission_id, attempt = claim(clock)

        assert runs.put_back(
            submission_id, attempt=attempt, cause="the worker was asked to stop", uses_attempt=False, now=clock.now()
        )

    assert claim(clock) == (submission.id, 1)


def test_putting_back_what_moved_on_changes_nothing(clock, submission):
    claim(clock)
    submissions.cancel(submission, now=clock.now())

    assert not runs.put_back(submission.id, attempt=1, cause="x", uses_attempt=True, now=clock.now())
    assert not runs.put_back(submission.id, attempt=7, cause="x", uses_attempt=True, now=clock.now())
    assert not runs.put_back(999, attempt=1, cause="x", uses_attempt=True, now=clock.now())

    assert db.session.get(Submission, submission.id).status is SubmissionStatus.CANCELLED


def test_a_lease_of_another_attempt_is_not_renewed(clock, submission):
    claim(clock)
    before = submission.lease_until
    clock.advance(seconds=30)

    runs.renew_leases([(submission.id, 2)], now=clock.now())
    runs.renew_leases([], now=clock.now())

    db.session.refresh(submission)
    assert submission.lease_until == before


def test_a_worker_that_starts_alone_puts_back_whatever_ran(clock, submission):
    claim(clock)

    assert workers.put_back_all_running(now=clock.now()) == 1

    assert submission_queries.running() == []
    assert submission_queries.waiting() == 1


def test_the_clock_set_back_an_hour_loses_no_run(clock, submission):
    claim(clock)
    clock.advance(hours=-1)

    assert workers.put_back_lapsed(now=clock.now()) == 0


def test_a_worker_says_that_it_is_alive_and_how_well_it_walls_off(clock):
    workers.beat(isolation={"level": "B"}, now=clock.now())
    started = clock.now()
    clock.advance(seconds=10)
    workers.beat(isolation=None, now=clock.now())

    beat = site_queries.worker()
    assert (beat.started_at, beat.seen_at) == (started, started + timedelta(seconds=10))
    assert beat.isolation == {"level": "B"}
