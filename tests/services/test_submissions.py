"""Sending a file: who may, when, how often; what is kept and what is not."""

import itertools
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app.evaluation.outcome import Failed
from app.extensions import db, store, writing
from app.models.accounts import Account
from app.models.challenges import Phase
from app.models.leaderboards import Baseline
from app.models.submissions import Submission
from app.queries import quotas, teams
from app.queries import submissions as submission_queries
from app.rules.errors import Conflict, Invalid, NotAllowed, SentBefore, TooMany
from app.rules.failures import FailureCode
from app.rules.permissions import Standpoint
from app.rules.states import SubmissionStatus
from app.services import admission, marks, outcomes, runs, submissions
from app.services.submissions import Method
from app.storage import StoredFile
from tests.factories import (
    make_account,
    make_admin,
    make_challenge,
    make_host,
    make_phase,
    make_scored,
    make_submission,
    make_team,
    scored,
)

TOKYO = ZoneInfo("Asia/Tokyo")
_numbers = itertools.count(1)


def received(content=b"id,score\n1,0.5\n"):
    """A file as a request leaves it in the store's anteroom."""
    incoming = store.incoming()
    incoming.write(content)
    return incoming


def send(phase, by, *, content=None, name="guess.csv", key="form key 1", wish=None, now=None, zone=UTC, again=False):
    """Send a file that nobody sent before, or this one."""
    file = received(b"id,score\n1,%d\n" % next(_numbers) if content is None else content)
    try:
        made = submissions.submit(
            phase,
            by=by,
            file=file,
            file_name=name,
            form_key=key,
            method=Method(name="trees"),
            show_on_board=wish,
            now=now or app_clock.now(),
            zone=zone,
            again=again,
        )
    finally:
        file.discard()
    return db.session.get_one(Submission, made)


def kept_files():
    return {path.name for path in store.root.glob("??/*")}


def count():
    return db.session.scalar(select(func.count()).select_from(Submission))


@pytest.fixture
def challenge(site):
    return make_challenge()


@pytest.fixture
def bob(challenge):
    bob = make_account("Bob")
    make_team(challenge, bob, name="Bobcats")
    return bob


@pytest.fixture
def nothing_kept(phase, bob):
    """Hold a test to this: no row and no file more than before, nothing left in the anteroom."""
    files, rows = kept_files(), count()
    yield
    assert kept_files() == files
    assert count() == rows
    assert list(store.parts.iterdir()) == []


def change(thing, **values):
    with writing():
        for name, value in values.items():
            setattr(thing, name, value)


def test_a_file_becomes_a_queued_row_that_names_what_was_sent(phase, bob):
    made = send(phase, bob, content=b"hello", name="../my guess.csv")

    assert made.status is SubmissionStatus.QUEUED
    assert (made.number, made.size, made.method_name) == (1, 5, "trees")
    assert "/" not in made.file_name
    assert store.path(made.file_key).read_bytes() == b"hello"
    assert [move.cause for move in made.moves] == ["received"]
    assert list(store.parts.iterdir()) == []


def test_numbers_count_up_within_a_phase_and_team(phase, bob):
    assert [send(phase, bob, key=f"key {n}").number for n in range(3)] == [1, 2, 3]


def test_the_same_form_sent_twice_is_one_submission(phase, bob):
    first = send(phase, bob, key="one form")
    files = kept_files()

    second = send(phase, bob, key="one form")

    assert second.id == first.id
    assert count() == 1
    assert kept_files() == files


def test_the_form_key_of_somebody_else_is_not_ones_own(challenge, phase, bob):
    carol = make_account("Carol")
    make_team(challenge, carol)
    first = send(phase, bob, key="one form")

    assert send(phase, carol, key="one form").id != first.id


@pytest.mark.usefixtures("nothing_kept")
class TestNothingIsKept:
    def test_of_an_empty_file(self, phase, bob):
        with pytest.raises(Invalid, match="empty"):
            send(phase, bob, content=b"")

    @pytest.mark.parametrize("name", ["guess.exe", "guess", "guess.csv.exe", "", ".csv/x"])
    def test_of_a_kind_that_the_phase_does_not_take(self, phase, bob, name):
        with pytest.raises(Invalid, match="This phase accepts"):
            send(phase, bob, name=name)

    def test_of_a_file_from_somebody_who_does_not_take_part(self, phase):
        with pytest.raises(NotAllowed, match="Take part"):
            send(phase, make_account())

    @pytest.mark.parametrize(("days", "sentence"), [(-21, "opens at"), (21, "closed: it ended at")])
    def test_outside_the_phase(self, phase, bob, days, sentence):
        with pytest.raises(NotAllowed, match=sentence):
            send(phase, bob, now=app_clock.now() + timedelta(days=days))

    def test_after_the_challenge_even_if_the_phase_goes_on(self, challenge, phase, bob):
        change(challenge, end_at=app_clock.now() - timedelta(seconds=1))

        with pytest.raises(NotAllowed, match="closed"):
            send(phase, bob)

    def test_while_the_phase_is_paused(self, phase, bob):
        change(phase, is_submission_paused=True)

        with pytest.raises(NotAllowed, match="paused"):
            send(phase, bob)

    def test_in_a_phase_for_hosts(self, phase, bob):
        change(phase, is_public=False)

        with pytest.raises(NotAllowed, match="invited"):
            send(phase, bob)

    def test_from_somebody_not_on_the_phases_list(self, phase, bob):
        change(phase, allowed_email_ids=["carol@example.com"])

        with pytest.raises(NotAllowed, match="invited"):
            send(phase, bob)

    @pytest.mark.parametrize("state", ["is_approved", "is_published"])
    def test_of_a_challenge_that_is_not_live(self, challenge, phase, bob, state):
        change(challenge, **{state: False})

        with pytest.raises(NotAllowed, match="no submissions"):
            send(phase, bob)

    def test_when_the_file_grew_over_a_lowered_limit(self, phase, bob):
        change(phase, max_submissions=0)

        with pytest.raises(TooMany, match="all submissions"):
            send(phase, bob)


def test_taking_part_in_another_challenge_is_not_enough(phase):
    other = make_account()
    make_team(make_challenge(), other)

    with pytest.raises(NotAllowed, match="Take part"):
        send(phase, other)


def test_kinds_of_files_are_told_apart_without_case(phase, bob):
    assert send(phase, bob, name="GUESS.CSV ").id


def test_a_phase_without_a_list_of_kinds_takes_any(phase, bob):
    change(phase, allowed_submission_file_types=[])

    assert send(phase, bob, name="model").id


def test_listed_people_submit_however_their_address_is_written(phase, bob):
    change(phase, allowed_email_ids=["BOB@Example.com"])

    assert send(phase, bob).id


# -- quotas ------------------------------------------------------------------------------------------------------------


def test_a_days_limit_holds_until_midnight_in_the_servers_zone(challenge, phase, bob):
    change(challenge, start_at=datetime(2026, 1, 1, tzinfo=UTC), end_at=datetime(2026, 12, 31, tzinfo=UTC))
    change(phase, start_at=challenge.start_at, end_at=challenge.end_at, max_submissions_per_day=1)
    late = datetime(2026, 3, 10, 23, 59, 59, 900_000, tzinfo=TOKYO)
    send(phase, bob, key="a", now=late, zone=TOKYO)

    with pytest.raises(TooMany, match="today's") as refusal:
        send(phase, bob, key="b", now=late + timedelta(microseconds=99_999), zone=TOKYO)

    assert refusal.value.retry_after == 1
    assert send(phase, bob, key="c", now=late + timedelta(microseconds=100_000), zone=TOKYO).id


def test_the_challenges_own_zone_says_when_its_days_begin(challenge, phase, bob):
    change(challenge, start_at=datetime(2026, 1, 1, tzinfo=UTC), end_at=datetime(2026, 12, 31, tzinfo=UTC))
    change(phase, start_at=challenge.start_at, end_at=challenge.end_at, max_submissions_per_day=1)
    change(challenge, timezone="Europe/Berlin")
    # 23:59 in Berlin on the last day of winter time; that day has 23 hours
    send(phase, bob, key="a", now=datetime(2026, 3, 28, 22, 59, tzinfo=UTC), zone=TOKYO)
    send(phase, bob, key="b", now=datetime(2026, 3, 28, 23, 0, tzinfo=UTC), zone=TOKYO)

    with pytest.raises(TooMany, match="today's") as refusal:
        send(phase, bob, key="c", now=datetime(2026, 3, 29, 0, 0, tzinfo=UTC), zone=TOKYO)

    assert refusal.value.retry_after == 22 * 3600


def test_a_months_limit_holds_over_midnight(phase, bob):
    change(phase, max_submissions_per_month=1)
    send(phase, bob, key="a")

    with pytest.raises(TooMany, match="month's"):
        send(phase, bob, key="b")


def test_the_total_holds_for_ever(phase, bob):
    change(phase, max_submissions=1)
    send(phase, bob, key="a")

    with pytest.raises(TooMany, match="all submissions"):
        send(phase, bob, key="b")


def test_as_many_as_allowed_wait_or_run_at_the_same_time(phase, bob):
    change(phase, max_concurrent_submissions_allowed=2)
    team_id = send(phase, bob, key="a").team_id
    send(phase, bob, key="b")

    with pytest.raises(TooMany, match="Wait for one to finish"):
        send(phase, bob, key="c")

    claimed = runs.claim_next(worker="w", now=app_clock.now())
    submissions.cancel(db.session.get(Submission, claimed[0]), now=app_clock.now())
    assert send(phase, bob, key="c").team_id == team_id


def test_a_limit_lowered_below_what_was_used_refuses_without_an_error(phase, bob):
    for n in range(3):
        send(phase, bob, key=f"key {n}")
    change(phase, max_submissions_per_day=1, max_concurrent_submissions_allowed=9)

    left = quotas.left(phase, bob_team(phase, bob), now=app_clock.now(), zone=UTC)

    assert (left.today, left.now) == (0, 0)
    with pytest.raises(TooMany, match="today's"):
        send(phase, bob, key="more")


def bob_team(phase, bob):
    return db.session.scalar(select(Submission.team_id).where(Submission.account_id == bob.id).limit(1))


@pytest.mark.parametrize("code", [FailureCode.OURS, FailureCode.SCRIPT, FailureCode.INPUT])
def test_failures_that_are_nobodys_or_the_forms_do_not_count(challenge, phase, bob, code):
    change(phase, max_submissions=1)
    made = send(phase, bob, key="a")
    change(made, status=SubmissionStatus.FAILED, failure=code)

    assert send(phase, bob, key="b").id


@pytest.mark.parametrize("code", [FailureCode.TIME, FailureCode.MEMORY, FailureCode.OUTPUT, FailureCode.CRASH])
def test_failures_that_cost_the_server_its_limits_count(phase, bob, code):
    change(phase, max_submissions=1)
    change(send(phase, bob, key="a"), status=SubmissionStatus.FAILED, failure=code)

    with pytest.raises(TooMany):
        send(phase, bob, key="b")


@pytest.mark.parametrize("code", [FailureCode.SCRIPT, FailureCode.CANCELLED])
def test_twenty_endings_a_day_that_cost_nothing_are_enough_whatever_phase_they_went_to(challenge, phase, bob, code):
    change(phase, max_submissions_per_day=100)
    team, other, now = bob_team_of(challenge, bob), make_phase(challenge, codename="other"), app_clock.now()
    status = SubmissionStatus.CANCELLED if code is FailureCode.CANCELLED else SubmissionStatus.FAILED
    for n in range(admission.FREE_FAILURES_A_DAY):
        at = now - timedelta(hours=20 - n % 2, minutes=n)
        make_submission(phase if n % 2 else other, team, status=status, failure=code, submitted_at=at)

    with pytest.raises(TooMany, match="20 submissions of your team failed or were cancelled") as refusal:
        send(phase, bob, now=now)

    assert 3 * 3600 < refusal.value.retry_after <= 4 * 3600
    assert send(phase, bob, now=now + timedelta(seconds=refusal.value.retry_after)).id


def test_a_new_team_is_no_way_around_the_limit_of_free_endings(challenge, phase, bob):
    change(phase, max_submissions_per_day=100)
    before, now = make_team(challenge, name="Before"), app_clock.now()
    for n in range(admission.FREE_FAILURES_A_DAY):
        at = now - timedelta(hours=20, minutes=n)
        failed = {"status": SubmissionStatus.FAILED, "failure": FailureCode.SCRIPT, "submitted_at": at}
        make_submission(phase, before, account_id=bob.id, **failed)

    with pytest.raises(TooMany, match="failed or were cancelled") as refusal:
        send(phase, bob, now=now)

    assert 3 * 3600 < refusal.value.retry_after <= 4 * 3600


def test_what_was_cancelled_before_it_started_costs_nothing(phase, bob):
    change(phase, max_submissions=1, max_concurrent_submissions_allowed=1)
    submissions.cancel(send(phase, bob, key="a"), now=app_clock.now())

    assert send(phase, bob, key="b").number == 2


def bob_team_of(challenge, bob):
    return teams.membership(challenge.id, bob.id).team


def test_a_teams_quota_is_not_anothers(challenge, phase, bob):
    change(phase, max_submissions=1)
    carol = make_account("Carol")
    make_team(challenge, carol)
    send(phase, bob, key="a")

    assert send(phase, carol, key="b").id


def test_nobody_gets_new_limits_by_changing_teams(challenge, phase, bob):
    first, carol = bob_team_of(challenge, bob), make_account("Carol")
    change(phase, max_submissions=2)
    send(phase, bob, key="a")
    make_submission(phase, first, account_id=bob.id, status=SubmissionStatus.FINISHED)
    with writing() as session:
        session.delete(first.members[0])
    make_team(challenge, bob, carol, name="Anew")

    with pytest.raises(TooMany, match="all submissions"):
        send(phase, bob, key="b")

    # neither the number of the new team nor the limits of its other members know of it
    assert send(phase, carol, key="c").number == 1


def test_team_mates_share_one_quota(challenge, phase):
    bob, carol = make_account("Bob"), make_account("Carol")
    make_team(challenge, bob, carol)
    change(phase, max_submissions=1)
    send(phase, bob, key="a")

    with pytest.raises(TooMany):
        send(phase, carol, key="b")


# -- the same bytes again ----------------------------------------------------------------------------------------------


def test_the_same_bytes_again_are_recognised_before_they_cost_anything(phase, bob):
    first, files = send(phase, bob, content=b"same"), kept_files()

    with pytest.raises(SentBefore) as refusal:
        send(phase, bob, content=b"same", name="another name.csv", key="b")

    assert refusal.value.submission_id == first.id
    assert (count(), kept_files()) == (1, files)
    assert list(store.parts.iterdir()) == []
    assert send(phase, bob, content=b"same", key="c", again=True).number == 2


def test_a_file_of_the_team_is_sent_again_without_being_received_again(phase, bob):
    first = send(phase, bob, content=b"same")
    kept = StoredFile(key=first.file_key, size=first.size, sha256=first.sha256)

    made = submissions.submit(
        phase,
        by=bob,
        file=kept,
        file_name=first.file_name,
        form_key="again",
        method=Method(),
        show_on_board=None,
        now=app_clock.now(),
        zone=UTC,
        again=True,
    )
    store.discard(first.file_key)

    made = db.session.get_one(Submission, made)
    assert made.file_key != first.file_key
    assert store.path(made.file_key).read_bytes() == b"same"


def test_the_same_bytes_to_another_phase_or_by_another_team_are_new(challenge, phase, bob):
    carol, other = make_account("Carol"), make_phase(challenge, codename="other")
    make_team(challenge, carol)
    send(phase, bob, content=b"same")

    assert send(other, bob, content=b"same", key="b").id
    assert send(phase, carol, content=b"same", key="c").id


def test_a_team_mate_is_told_as_well(challenge, phase):
    bob, carol = make_account("Bob"), make_account("Carol")
    make_team(challenge, bob, carol)
    send(phase, bob, content=b"same")

    with pytest.raises(SentBefore):
        send(phase, carol, content=b"same")


@pytest.mark.parametrize(
    ("status", "failure"),
    [(SubmissionStatus.CANCELLED, FailureCode.CANCELLED), (SubmissionStatus.FAILED, FailureCode.OURS)],
)
def test_what_was_never_really_evaluated_may_be_sent_again(phase, bob, status, failure):
    change(send(phase, bob, content=b"same"), status=status, failure=failure)

    assert send(phase, bob, content=b"same", key="b").id


# -- after the end -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ended(phase):
    change(phase, end_at=app_clock.now() - timedelta(hours=1), accepts_late=True)
    return phase


def test_where_the_host_allows_it_a_late_file_is_scored_and_never_ranked(challenge, ended, bob):
    team, split = bob_team_of(challenge, bob), ended.splits[0]
    on_time = make_scored(ended, team, {"AUC": 0.6, "F1": 0.1}, submitted_at=ended.end_at)

    late = send(ended, bob, wish=True)
    runs.claim_next(worker="w", now=app_clock.now())
    outcomes.record(late.id, attempt=1, outcome=scored({"test_split": {"AUC": 0.9, "F1": 0.1}}), now=app_clock.now())

    assert (late.is_late, late.on_board, late.status) == (True, False, SubmissionStatus.FINISHED)
    assert submission_queries.standing_of(split.id, team.id).submission_id == on_time.id
    with pytest.raises(NotAllowed, match="after the end"):
        submissions.show_on_board(late, shown=True, person=Standpoint(is_host=True))


def test_late_files_count_towards_the_limits_like_others(ended, bob):
    change(ended, max_submissions=1)
    send(ended, bob, key="a")

    with pytest.raises(TooMany):
        send(ended, bob, key="b")


def test_no_phase_takes_files_before_its_start(phase, bob):
    change(phase, start_at=app_clock.now() + timedelta(hours=1), accepts_late=True)

    with pytest.raises(NotAllowed, match="opens at"):
        send(phase, bob)


def test_what_a_host_sends_after_the_end_is_not_late(challenge, phase, bob):
    change(phase, end_at=app_clock.now() - timedelta(hours=1))
    host = challenge.hosts[0].account
    make_team(challenge, host, is_host_team=True)

    assert not send(phase, host).is_late


# -- hosts and admins --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("site")
def test_a_host_tries_a_waiting_challenge_out_beyond_dates_and_limits_and_off_the_board():
    hana = make_host()
    challenge = make_challenge(host=hana, is_approved=False, is_public=False, max_submissions=0)
    make_team(challenge, hana, is_host_team=True)

    made = send(challenge.phases[0], hana, now=app_clock.now() + timedelta(days=300))

    assert made.team.is_host_team


def test_an_admin_who_takes_part_is_held_to_the_limits_and_the_dates_like_everybody(challenge, phase):
    ada = make_admin()
    make_team(challenge, ada)
    change(phase, max_submissions=1)
    send(phase, ada, key="a")

    with pytest.raises(TooMany):
        send(phase, ada, key="b")
    with pytest.raises(NotAllowed, match="closed"):
        send(phase, ada, key="c", now=app_clock.now() + timedelta(days=25))


# -- the box "show on leaderboard" -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("leaderboard_public", "is_submission_public", "wish", "shown"),
    [
        (True, True, None, True),
        (True, True, False, False),
        (True, False, True, True),
        (True, False, None, False),
        (False, True, False, True),
        (False, False, True, False),
        (False, False, None, False),
    ],
)
def test_whether_a_submission_starts_on_the_board(phase, bob, leaderboard_public, is_submission_public, wish, shown):
    change(phase, leaderboard_public=leaderboard_public, is_submission_public=is_submission_public)

    assert send(phase, bob, wish=wish).on_board is shown


def test_where_one_submission_is_shown_a_new_one_takes_its_place_once_it_is_scored(challenge, phase, bob):
    change(phase, is_restricted_to_select_one_submission=True)
    first = make_scored(phase, bob_team_of(challenge, bob), {"AUC": 0.9, "F1": 0.1})
    second = send(phase, bob, key="b", wish=True)
    assert first.on_board

    runs.claim_next(worker="w", now=app_clock.now())
    outcomes.record(second.id, attempt=1, outcome=scored({"test_split": {"AUC": 0.5, "F1": 0.1}}), now=app_clock.now())

    assert (first.on_board, second.on_board) == (False, True)
    assert submission_queries.standing_of(phase.splits[0].id, first.team_id).submission_id == second.id


def test_where_one_submission_is_shown_a_new_one_that_fails_costs_nothing(challenge, phase, bob):
    change(phase, is_restricted_to_select_one_submission=True)
    first = make_scored(phase, bob_team_of(challenge, bob), {"AUC": 0.9, "F1": 0.1})
    second = send(phase, bob, key="b", wish=True)

    runs.claim_next(worker="w", now=app_clock.now())
    outcomes.record(second.id, attempt=1, outcome=Failed(code=FailureCode.SCRIPT, detail="x"), now=app_clock.now())

    assert first.on_board
    assert submission_queries.standing_of(phase.splits[0].id, first.team_id).submission_id == first.id


def test_where_one_submission_is_shown_choosing_another_changes_the_board(challenge, phase, bob):
    change(phase, is_restricted_to_select_one_submission=True)
    team = bob_team_of(challenge, bob)
    first = make_scored(phase, team, {"AUC": 0.9, "F1": 0.1}, on_board=False)
    make_scored(phase, team, {"AUC": 0.8, "F1": 0.1})

    submissions.show_on_board(first, shown=True, person=Standpoint(team_id=team.id))

    standing = submission_queries.standing_of(phase.splits[0].id, team.id)
    assert (standing.submission_id, standing.score) == (first.id, 0.9)


def test_where_the_phase_leaves_no_choice_only_the_host_chooses(challenge, phase, bob):
    change(phase, leaderboard_public=False)
    team = bob_team_of(challenge, bob)
    made = make_scored(phase, team, {"AUC": 0.9, "F1": 0.1})

    with pytest.raises(NotAllowed):
        submissions.show_on_board(made, shown=False, person=Standpoint(team_id=team.id))
    submissions.show_on_board(made, shown=False, person=Standpoint(is_host=True))

    assert submission_queries.standing_of(phase.splits[0].id, team.id) is None


# -- baselines ---------------------------------------------------------------------------------------------------------


def test_a_hosts_submission_stands_on_the_board_only_as_a_baseline(challenge, phase):
    team, split_id = make_team(challenge, is_host_team=True), phase.splits[0].id
    made = make_scored(phase, team, {"AUC": 0.9, "F1": 0.1})
    assert submission_queries.standing_of(split_id, team.id) is None

    marks.set_baseline(made, is_baseline=True, by=made.account, now=app_clock.now())
    assert db.session.get(Baseline, (split_id, made.id)).team_id == team.id
    assert submission_queries.standing_of(split_id, team.id) is None

    marks.set_baseline(made, is_baseline=False, by=made.account, now=app_clock.now())
    assert db.session.get(Baseline, (split_id, made.id)) is None


def test_a_participants_submission_is_never_a_baseline(challenge, phase, bob):
    made = make_scored(phase, bob_team_of(challenge, bob), {"AUC": 0.9, "F1": 0.1}, on_board=False)

    with pytest.raises(Invalid, match="host"):
        marks.set_baseline(made, is_baseline=True, by=made.account, now=app_clock.now())

    db.session.refresh(made)
    assert (made.is_baseline, made.on_board) == (False, False)


# -- cancelling and claiming -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [SubmissionStatus.QUEUED, SubmissionStatus.RUNNING])
def test_what_is_not_over_can_be_cancelled(challenge, phase, bob, status):
    made = make_submission(phase, bob_team_of(challenge, bob), status=status)

    submissions.cancel(made, now=app_clock.now())

    assert made.status is SubmissionStatus.CANCELLED
    assert made.moves[-1].status is SubmissionStatus.CANCELLED


@pytest.mark.parametrize("status", [SubmissionStatus.FINISHED, SubmissionStatus.FAILED, SubmissionStatus.CANCELLED])
def test_what_is_over_stays_as_it_is(challenge, phase, bob, status):
    made = make_submission(phase, bob_team_of(challenge, bob), status=status)

    with pytest.raises(Conflict):
        submissions.cancel(made, now=app_clock.now())

    assert db.session.get(Submission, made.id).status is status


def test_teams_take_turns_in_the_queue(challenge, phase):
    many, few = make_team(challenge), make_team(challenge)
    first, second, third = (make_submission(phase, many).id for _ in range(3))
    other = make_submission(phase, few).id

    assert submission_queries.waiting_in_order() == [first, other, second, third]
    assert submission_queries.place_in_queue(third) == 4
    assert [runs.claim_next(worker="w", now=app_clock.now())[0] for _ in range(4)] == [
        first,
        other,
        second,
        third,
    ]


def test_nothing_is_claimed_when_nothing_waits(challenge):
    assert runs.claim_next(worker="w", now=app_clock.now()) is None


def test_a_claim_names_its_worker_its_attempt_and_its_lease(challenge, phase, clock):
    made = make_submission(phase, make_team(challenge))

    assert runs.claim_next(worker="me", now=clock.now()) == (made.id, 1)

    db.session.refresh(made)
    assert (made.worker, made.lease_until, made.started_at) == ("me", clock.now() + runs.LEASE, clock.now())


# -- races -------------------------------------------------------------------------------------------------------------


def released_together(app, count, act):
    """Run act(0), act(1), … in threads that start at one moment; return what each gave or raised."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number):
        with app.app_context():
            barrier.wait()
            try:
                results[number] = act(number)
            except Exception as problem:  # noqa: BLE001 - handed to the test, which looks at it
                results[number] = problem
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.race
def test_eight_at_once_for_the_last_slot_are_one_submission_and_seven_refusals(app, challenge, phase, bob):
    change(phase, max_submissions=1)
    phase_id, bob_id, files = phase.id, bob.id, kept_files()
    db.session.remove()

    def act(number):
        return send(db.session.get(Phase, phase_id), db.session.get(Account, bob_id), key=f"key {number}").id

    results = released_together(app, 8, act)

    assert sum(isinstance(it, int) for it in results) == 1
    assert sum(isinstance(it, TooMany) for it in results) == 7
    assert count() == 1
    assert len(kept_files() - files) == 1
    assert list(store.parts.iterdir()) == []


@pytest.mark.race
def test_eight_at_once_with_the_same_bytes_are_one_submission(app, challenge, phase, bob):
    phase_id, bob_id = phase.id, bob.id
    db.session.remove()

    def act(number):
        person = db.session.get(Account, bob_id)
        return send(db.session.get(Phase, phase_id), person, content=b"same", key=f"key {number}").id

    results = released_together(app, 8, act)

    assert sum(isinstance(it, int) for it in results) == 1
    assert sum(isinstance(it, SentBefore) for it in results) == 7
    assert count() == 1


@pytest.mark.race
def test_eight_clicks_on_one_form_are_one_submission(app, challenge, phase, bob):
    phase_id, bob_id = phase.id, bob.id
    db.session.remove()

    def act(_number):
        return send(db.session.get(Phase, phase_id), db.session.get(Account, bob_id), key="one form").id

    results = released_together(app, 8, act)

    assert len(set(results)) == 1
    assert count() == 1


@pytest.mark.race
def test_eight_workers_claim_three_submissions_once_each(app, challenge, phase):
    ids = {make_submission(phase, make_team(challenge)).id for _ in range(3)}
    db.session.remove()

    results = released_together(app, 8, lambda n: runs.claim_next(worker=str(n), now=app_clock.now()))

    assert {it for it in results if it} == {(it, 1) for it in ids}
    assert results.count(None) == 5


@pytest.mark.race
def test_of_cancelling_claiming_and_scoring_at_one_moment_each_finds_the_other_done(app, challenge, phase):
    made = make_submission(phase, make_team(challenge)).id
    db.session.remove()

    def act(number):
        if number % 2:
            return submissions.cancel(db.session.get(Submission, made), now=app_clock.now())
        claim = runs.claim_next(worker=str(number), now=app_clock.now())
        return claim and outcomes.record(made, attempt=1, outcome=scored({"AUC": 0.5}), now=app_clock.now())

    results = released_together(app, 8, act)

    cancelled, recorded = results[1::2].count(None), results[0::2].count(True)
    found = db.session.get(Submission, made)
    assert (cancelled, recorded) in {(1, 0), (0, 1)}
    assert found.status is (SubmissionStatus.CANCELLED if cancelled else SubmissionStatus.FINISHED)
    assert sum(isinstance(it, Conflict) for it in results) == 4 - cancelled
    assert sum(move.status.is_over for move in found.moves) == 1
