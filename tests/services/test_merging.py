"""Two teams become one: who agrees, what goes over, what is refused."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.extensions import db, writing
from app.models.accounts import Account
from app.models.challenges import Phase
from app.models.submissions import Submission
from app.models.teams import Team, TeamMerge
from app.queries import leaderboards, quotas, team_requests
from app.rules.errors import Invalid, NotAllowed, NotFound
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus, TeamStatus
from app.services import merging, teams
from tests.factories import make_account, make_challenge, make_host, make_scored, make_submission, make_team
from tests.services.test_submissions import released_together, send

pytestmark = pytest.mark.usefixtures("site")
ZONE = ZoneInfo("UTC")


@pytest.fixture
def challenge(site):
    return make_challenge(max_submissions_per_day=2, max_submissions=100, extra={"max_team_members": 4})


@pytest.fixture
def asking(challenge):
    return make_team(challenge, make_account("Alice"), make_account("Al"), name="Alpacas", join_code="alpacas")


@pytest.fixture
def own(challenge):
    return make_team(challenge, make_account("Bob"), name="Bobcats")


def leader(team):
    return next(it.account for it in team.members if it.is_leader)


def ask(asking, own, *, now=None):
    merging.ask(asking, name=own.name, by=leader(asking), now=now or app_clock.now(), zone=ZONE)
    return team_requests.open_merges_of(asking.id)[0]


def accept(request, by, *, now=None):
    merging.accept(request, by=by, now=now or app_clock.now(), zone=ZONE)


def board(challenge):
    db.session.expire_all()
    split = challenge.phases[0].splits[0]
    return [(row.team, row.entries, row.scores["AUC"]) for row in leaderboards.board(split, own_team_id=None).rows]


def test_members_submissions_and_standings_go_over_in_one_step(challenge, phase, asking, own):
    sent = [make_scored(phase, asking, {"AUC": score}) for score in (0.9, 0.8)]
    kept = make_scored(phase, own, {"AUC": 0.6})
    request = ask(asking, own)

    accept(request, leader(own))

    db.session.expire_all()
    assert [it.account.name for it in own.members] == ["Alice", "Al", "Bob"]
    assert [it.account.name for it in own.members if it.is_leader] == ["Bob"]
    assert (asking.members, asking.status, asking.join_code) == ([], TeamStatus.MERGED, None)
    assert (kept.number, [it.number for it in sent]) == (1, [2, 3])
    assert {it.team_id for it in sent} == {own.id}
    assert board(challenge) == [("Bobcats", 3, 0.9)]


def test_what_both_used_counts_for_the_team_that_is_left(phase, asking, own):
    make_submission(phase, asking, status=SubmissionStatus.FINISHED)
    make_submission(phase, own, status=SubmissionStatus.FINISHED)

    accept(ask(asking, own), leader(own))

    assert quotas.left(phase, own.id, now=app_clock.now(), zone=ZONE).today == 0


def test_together_they_may_not_have_sent_more_than_one_team_could_have_by_now(challenge, phase, asking, own):
    with writing():
        phase.start_at = app_clock.now()
    for team, count in ((asking, 2), (own, 1)):
        for _ in range(count):
            make_submission(phase, team, status=SubmissionStatus.FINISHED)

    with pytest.raises(Invalid, match=r"sent 3 files .* 2 by now"):
        ask(asking, own)

    tomorrow = app_clock.now() + timedelta(days=1)
    request = ask(asking, own, now=tomorrow)
    accept(request, leader(own), now=tomorrow)
    assert asking.status is TeamStatus.MERGED


def test_what_never_counted_does_not_stand_in_the_way(phase, asking, own):
    with writing():
        phase.start_at = app_clock.now()
    make_submission(phase, asking, status=SubmissionStatus.FAILED, failure=FailureCode.INPUT)
    make_submission(phase, asking, status=SubmissionStatus.CANCELLED)
    for _ in range(2):
        make_submission(phase, own, status=SubmissionStatus.FINISHED)

    accept(ask(asking, own), leader(own))

    assert asking.status is TeamStatus.MERGED


def test_submissions_of_the_meantime_are_counted_when_the_other_agrees(phase, asking, own):
    with writing():
        phase.start_at = app_clock.now()
    request = ask(asking, own)
    for team in (asking, asking, own):
        make_submission(phase, team, status=SubmissionStatus.FINISHED)

    with pytest.raises(Invalid):
        accept(request, leader(own))

    db.session.expire_all()
    assert (len(asking.members), len(own.members)) == (2, 1)
    assert team_requests.open_merges_of(own.id) == [request]


def test_together_they_are_not_more_than_a_team_may_have(challenge, asking, own):
    for _ in range(2):
        make_team(challenge)
    large = make_team(challenge, *(make_account() for _ in range(3)), name="Large")

    with pytest.raises(Invalid, match="5 members"):
        ask(asking, large)


@pytest.mark.parametrize("status", [it for it in TeamStatus if it is not TeamStatus.ACTIVE])
def test_only_teams_that_take_part_become_one(asking, own, status):
    request = ask(asking, own)
    with writing():
        asking.status = status

    with pytest.raises(Invalid):
        accept(request, leader(own))


def test_a_hosts_team_is_apart(challenge, asking):
    hosts = make_team(challenge, make_host(), name="Hosts", is_host_team=True)

    with pytest.raises(Invalid, match="Hosts"):
        ask(asking, hosts)


def test_a_team_asks_nobody_that_is_not_there_nor_itself_nor_twice(asking, own):
    ask(asking, own)

    for name, match in (("Nobody", "No team"), ("alpacas", "own team"), ("BOBCATS", "already")):
        with pytest.raises(Invalid, match=match):
            merging.ask(asking, name=name, by=leader(asking), now=app_clock.now(), zone=ZONE)


def test_only_leaders_ask_and_answer(asking, own):
    member = asking.members[1].account
    with pytest.raises(NotAllowed):
        merging.ask(asking, name=own.name, by=member, now=app_clock.now(), zone=ZONE)
    request = ask(asking, own)

    for by in (member, leader(asking)):
        with pytest.raises(NotAllowed):
            accept(request, by)
        with pytest.raises(NotAllowed):
            merging.decline(request, by=by, now=app_clock.now())
    with pytest.raises(NotAllowed):
        merging.withdraw(request, by=leader(own), now=app_clock.now())


def test_a_declined_or_withdrawn_request_is_over(asking, own):
    first = ask(asking, own)
    merging.decline(first, by=leader(own), now=app_clock.now())
    second = ask(asking, own)
    merging.withdraw(second, by=leader(asking), now=app_clock.now())

    for request in (first, second):
        with pytest.raises(NotFound):
            accept(request, leader(own))


def test_when_teams_do_not_change_any_more_they_do_not_merge(challenge, asking, own):
    request = ask(asking, own)
    with writing():
        challenge.teams_close_at = app_clock.now()

    with pytest.raises(Invalid, match="ended"):
        accept(request, leader(own))


def test_where_a_team_shows_one_submission_the_own_stays(challenge, phase, asking, own):
    with writing():
        phase.is_restricted_to_select_one_submission = True
    make_scored(phase, asking, {"AUC": 0.9})
    make_scored(phase, own, {"AUC": 0.6})

    accept(ask(asking, own), leader(own))

    assert board(challenge) == [("Bobcats", 1, 0.6)]


def test_other_requests_of_a_team_that_went_over_are_ended(challenge, asking, own):
    third = make_team(challenge, name="Third")
    request = ask(asking, own)
    other = ask(asking, third)

    accept(request, leader(own))

    with pytest.raises(NotFound):
        accept(other, leader(third))


def test_merging_while_both_submit_loses_nothing_and_keeps_the_numbers_apart(app, phase, asking, own):
    with writing():
        phase.max_submissions_per_day = 50
        phase.max_concurrent_submissions_allowed = 50
    request_id, phase_id = ask(asking, own).id, phase.id
    people = [leader(asking).id, asking.members[1].account_id, leader(own).id]
    own_id, boss = own.id, leader(own).id
    db.session.remove()

    def act(number):
        if number == 0:
            return accept(db.session.get(TeamMerge, request_id), db.session.get(Account, boss))
        by = db.session.get(Account, people[number % 3])
        return send(db.session.get(Phase, phase_id), by, key=f"form {number}").id

    results = released_together(app, 10, act)

    rows = db.session.execute(select(Submission.team_id, Submission.number)).all()
    assert results[0] is None
    assert sum(isinstance(it, int) for it in results) == 9
    assert {row.team_id for row in rows} == {own_id}
    assert sorted(row.number for row in rows) == list(range(1, 10))


@pytest.mark.race
def test_two_who_accept_at_once_merge_once(app, asking, own):
    request_id, boss = ask(asking, own).id, leader(own).id
    db.session.remove()

    results = released_together(
        app, 4, lambda _n: accept(db.session.get(TeamMerge, request_id), db.session.get(Account, boss))
    )

    assert results.count(None) == 1
    assert sum(isinstance(it, NotFound) for it in results) == 3


def test_who_withdraws_in_the_same_moment_is_merged_or_withdrawn_not_both(app, asking, own):
    request_id, boss, other = ask(asking, own).id, leader(own).id, leader(asking).id
    asking_id = asking.id
    db.session.remove()

    def act(number):
        if number:
            return teams.withdraw(
                db.session.get(Team, asking_id), by=db.session.get(Account, other), now=app_clock.now()
            )
        return accept(db.session.get(TeamMerge, request_id), db.session.get(Account, boss))

    results = released_together(app, 2, act)

    assert results.count(None) == 1


def test_what_a_member_sent_with_a_team_of_before_goes_along_when_teams_merge(challenge, phase, own):
    with writing():
        phase.start_at = app_clock.now()
    mover = make_account("Mover")
    before, movers = make_team(challenge, name="Before"), make_team(challenge, mover, name="Movers")
    make_submission(phase, before, account_id=mover.id, status=SubmissionStatus.FINISHED)
    for _ in range(2):
        make_submission(phase, own, status=SubmissionStatus.FINISHED)

    with pytest.raises(Invalid, match=r"sent 3 files .* 2 by now"):
        ask(movers, own)
