"""The web server puts back what runs without a living worker, for the case that no worker starts any more."""

import pytest

from app.extensions import db
from app.lease_watch import LeaseWatch
from app.models.submissions import Submission
from app.rules import causes
from app.rules.states import SubmissionStatus
from app.services import runs
from tests.factories import make_challenge, make_submission, make_team

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def running(clock):
    challenge = make_challenge()
    made = make_submission(challenge.phases[0], make_team(challenge))
    runs.claim_next(worker="w", now=clock.now())
    return made


def status_of(made):
    db.session.expire_all()
    return db.session.get(Submission, made.id).status


def test_what_runs_without_a_worker_for_two_looks_waits_again_and_says_why(clock, running):
    watch = LeaseWatch()
    watch.look()
    clock.advance(seconds=61)
    watch.look()
    assert status_of(running) is SubmissionStatus.RUNNING

    watch.look()

    assert status_of(running) is SubmissionStatus.QUEUED
    assert running.moves[-1].cause == causes.STOPPED_ANSWERING


def test_a_worker_that_was_only_held_up_keeps_its_run(clock, running):
    watch = LeaseWatch()
    clock.advance(seconds=61)
    watch.look()
    runs.renew_leases([(running.id, 1)], now=clock.now())
    watch.look()
    clock.advance(seconds=61)
    watch.look()

    assert status_of(running) is SubmissionStatus.RUNNING
