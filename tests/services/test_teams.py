"""What members do with their team, and what a team is when they go."""

from datetime import UTC, timedelta

import pytest

from app import clock as app_clock
from app.extensions import db, writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.site import AuditEntry
from app.models.teams import Team
from app.queries import challenges, leaderboards, quotas
from app.queries import submissions as submission_queries
from app.queries import teams as team_queries
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from app.rules.permissions import may_see_submission
from app.rules.states import TeamStatus
from app.services import participation, teams
from tests.factories import make_account, make_challenge, make_host, make_scored, make_team
from tests.services.test_submissions import change, released_together, send

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def challenge(site):
    return make_challenge()


@pytest.fixture
def people(site):
    return [make_account(name) for name in ("Bob", "Carol", "Dave")]


@pytest.fixture
def team(challenge, people):
    return make_team(challenge, *people, name="Bobcats", join_code="old code")


def leader(team):
    db.session.expire_all()
    return next((it.account.name for it in team.members if it.is_leader), None)


def place(challenge, person):
    db.session.expire_all()
    return team_queries.membership(challenge.id, person.id)


def go(challenge, person, *, now=None):
    teams.leave(challenge, by=person, now=now or app_clock.now())


def board_names(challenge):
    db.session.expire_all()
    return [row.team for row in leaderboards.board(challenge.phases[0].splits[0], own_team_id=None).rows]


def test_the_founder_leads(challenge, people):
    team = participation.found_team(challenge, name="B", by=people[0], accepts_rules=True, now=app_clock.now())
    participation.join_team(challenge, code=team.join_code, by=people[1], accepts_rules=True, now=app_clock.now())

    assert leader(team) == "Bob"


def test_a_leader_renames_the_team_and_open_boards_are_drawn_anew(challenge, team, people):
    make_scored(challenge.phases[0], team, {"AUC": 0.5})
    split = challenge.phases[0].splits[0]
    version = leaderboards.version_of(split.id)

    teams.rename(team, name=" The  Bobcats ", by=people[0], now=app_clock.now())

    assert team.name == "The Bobcats"
    assert board_names(challenge) == ["The Bobcats"]
    assert leaderboards.version_of(split.id) > version


def test_the_own_name_may_be_written_otherwise_but_anothers_is_taken(challenge, team, people):
    make_team(challenge, name="Rivals")

    teams.rename(team, name="BOBCATS", by=people[0], now=app_clock.now())
    with pytest.raises(Invalid, match="already"):
        teams.rename(team, name="rivals", by=people[0], now=app_clock.now())

    assert team.name == "BOBCATS"


@pytest.mark.parametrize(
    "act",
    [
        lambda team, by, now: teams.rename(team, name="Mine", by=by, now=now),
        lambda team, by, now: teams.renew_code(team, by=by, now=now),
        lambda team, by, now: teams.withdraw_code(team, by=by, now=now),
        lambda team, by, now: teams.hand_over(team, to_account_id=by.id, by=by, now=now),
        lambda team, by, now: teams.remove(team, account_id=team.members[0].account_id, by=by, now=now),
        lambda team, by, now: teams.withdraw(team, by=by, now=now),
        lambda team, by, now: teams.come_back(team, by=by, now=now),
    ],
)
@pytest.mark.parametrize("who", ["member", "stranger", "host"])
def test_only_the_leader_decides_for_the_team(challenge, team, people, act, who):
    by = {"member": people[1], "stranger": make_account(), "host": challenge.hosts[0].account}[who]

    with pytest.raises(NotAllowed, match="leader"):
        act(team, by, app_clock.now())

    assert (team.name, team.join_code, team.status, leader(team)) == ("Bobcats", "old code", TeamStatus.ACTIVE, "Bob")


def test_a_new_code_makes_the_old_one_useless(challenge, team, people):
    teams.renew_code(team, by=people[0], now=app_clock.now())

    with pytest.raises(Invalid, match="No team"):
        participation.join_team(challenge, code="old code", by=make_account(), accepts_rules=True, now=app_clock.now())
    assert team.join_code not in {None, "old code"}


def test_a_team_is_handed_over(team, people):
    teams.hand_over(team, to_account_id=people[1].id, by=people[0], now=app_clock.now())

    assert leader(team) == "Carol"
    with pytest.raises(NotAllowed):
        teams.rename(team, name="Mine again", by=people[0], now=app_clock.now())


def test_a_team_is_not_handed_to_somebody_outside(team, people):
    with pytest.raises(NotFound):
        teams.hand_over(team, to_account_id=make_account().id, by=people[0], now=app_clock.now())

    assert leader(team) == "Bob"


def test_when_the_leader_leaves_the_one_who_joined_next_leads(challenge, team, people):
    go(challenge, people[0])

    assert leader(team) == "Carol"
    assert [it.account.name for it in team.members] == ["Carol", "Dave"]


def test_a_member_who_leaves_keeps_nothing_and_the_team_keeps_what_the_member_sent(challenge, team, people):
    made = make_scored(challenge.phases[0], team, {"AUC": 0.5}, account_id=people[1].id)

    go(challenge, people[1])

    person = challenges.standpoint(challenge.id, people[1])
    assert person.team_id is None
    assert not may_see_submission(person, team_id=made.team_id)
    assert made.team_id == team.id
    assert board_names(challenge) == ["Bobcats"]


def test_the_last_to_leave_withdraws_a_team_that_has_sent_something(challenge):
    bob = make_account("Bob")
    team = make_team(challenge, bob, name="Alone")
    made = make_scored(challenge.phases[0], team, {"AUC": 0.5})
    assert board_names(challenge) == ["Alone"]

    go(challenge, bob)

    assert team.status is TeamStatus.WITHDRAWN
    assert board_names(challenge) == []
    assert submission_queries.submission(made.id) is not None


def test_a_team_that_never_sent_anything_goes_with_its_last_member_and_frees_its_name(challenge):
    bob = make_account("Bob")
    participation.join_alone(challenge, by=bob, accepts_rules=True, now=app_clock.now())

    go(challenge, bob)
    again = participation.join_alone(challenge, by=bob, accepts_rules=True, now=app_clock.now())

    assert again.name == "Bob"


def test_a_member_who_is_taken_out_gets_back_neither_by_the_code_nor_into_the_files(challenge, team, people):
    teams.remove(team, account_id=people[2].id, by=people[0], now=app_clock.now())

    assert place(challenge, people[2]) is None
    assert team.join_code != "old code"
    with pytest.raises(Invalid):
        participation.join_team(challenge, code="old code", by=people[2], accepts_rules=True, now=app_clock.now())


def test_a_leader_does_not_take_oneself_out(team, people):
    with pytest.raises(Invalid, match="leave"):
        teams.remove(team, account_id=people[0].id, by=people[0], now=app_clock.now())


def test_a_withdrawn_team_is_off_the_board_cannot_submit_and_can_come_back(challenge, team, people):
    make_scored(challenge.phases[0], team, {"AUC": 0.5})

    teams.withdraw(team, by=people[0], now=app_clock.now())

    assert board_names(challenge) == []
    with pytest.raises(NotAllowed, match="withdrawn"):
        send(challenge.phases[0], people[1])

    teams.come_back(team, by=people[0], now=app_clock.now())

    assert board_names(challenge) == ["Bobcats"]
    assert send(challenge.phases[0], people[1]).team_id == team.id


def test_a_score_that_arrives_for_a_withdrawn_team_does_not_bring_it_back(challenge, team, people):
    teams.withdraw(team, by=people[0], now=app_clock.now())

    make_scored(challenge.phases[0], team, {"AUC": 0.5})

    assert board_names(challenge) == []


def test_a_banned_team_stays_together_so_that_nobody_begins_anew(challenge, team, people):
    with writing():
        team.status = TeamStatus.BANNED

    with pytest.raises(NotAllowed):
        go(challenge, people[1])
    with pytest.raises(Conflict):
        teams.come_back(team, by=people[0], now=app_clock.now())

    assert place(challenge, people[1]).team_id == team.id


def test_when_the_challenge_is_over_teams_stay_as_they_are(challenge, team, people):
    late = challenge.end_at + timedelta(seconds=1)

    for act in (
        lambda: go(challenge, people[1], now=late),
        lambda: teams.withdraw(team, by=people[0], now=late),
        lambda: teams.remove(team, account_id=people[1].id, by=people[0], now=late),
    ):
        with pytest.raises(NotAllowed, match="ended"):
            act()


def test_from_a_moment_on_nobody_joins_a_team_but_people_still_begin_alone(team, people):
    challenge = team.challenge
    with writing():
        challenge.teams_close_at = app_clock.now() - timedelta(minutes=1)

    with pytest.raises(Invalid, match="ended"):
        participation.join_team(challenge, code="old code", by=make_account(), accepts_rules=True, now=app_clock.now())
    assert participation.join_alone(challenge, by=make_account("Eve"), accepts_rules=True, now=app_clock.now()).id


def test_what_a_leader_does_is_written_down(team, people):
    teams.rename(team, name="New", by=people[0], now=app_clock.now())
    teams.remove(team, account_id=people[2].id, by=people[0], now=app_clock.now())

    noted = {it.action: it.details for it in db.session.query(AuditEntry)}
    assert noted["team.renamed"] == {"before": "Bobcats", "after": "New"}
    assert noted["team.member_removed"] == {"member": "Dave"}


@pytest.mark.race
def test_all_members_leaving_at_once_leave_one_withdrawn_team_without_members(app, challenge, team, people):
    make_scored(challenge.phases[0], team, {"AUC": 0.5})
    challenge_id, team_id, ids = challenge.id, team.id, [it.id for it in people]
    db.session.remove()

    results = released_together(
        app, 3, lambda n: go(db.session.get(Challenge, challenge_id), db.session.get(Account, ids[n]))
    )

    found = db.session.get(Team, team_id)
    assert results == [None] * 3
    assert (found.members, found.status) == ([], TeamStatus.WITHDRAWN)


@pytest.mark.race
def test_eight_renames_to_one_name_give_it_to_one_team(app, challenge):
    made = [make_team(challenge) for _ in range(8)]
    ids = [(it.id, it.members[0].account_id) for it in made]
    db.session.remove()

    def act(number):
        team_id, account_id = ids[number]
        found, by = db.session.get(Team, team_id), db.session.get(Account, account_id)
        return teams.rename(found, name="The best", by=by, now=app_clock.now())

    results = released_together(app, 8, act)

    assert results.count(None) == 1
    assert sum(isinstance(it, Invalid) for it in results) == 7


def test_a_hosts_team_is_led_and_left_too(site):
    hana = make_host()
    challenge = make_challenge(host=hana)
    participation.join_alone(challenge, by=hana, accepts_rules=True, now=app_clock.now())

    go(challenge, hana)

    assert place(challenge, hana) is None


def test_who_leaves_and_begins_alone_again_has_the_old_team_and_no_limits_anew(challenge):
    bob, phase = make_account("Bob"), challenge.phases[0]
    team = participation.join_alone(challenge, by=bob, accepts_rules=True, now=app_clock.now())
    make_scored(phase, team, {"AUC": 0.5})
    before = quotas.left(phase, team.id, now=app_clock.now(), zone=UTC).today
    go(challenge, bob)

    again = participation.join_alone(challenge, by=bob, accepts_rules=True, now=app_clock.now())

    assert again.id == team.id
    assert quotas.left(phase, again.id, now=app_clock.now(), zone=UTC).today == before
    assert board_names(challenge) == ["Bob"]
    assert leader(again) == "Bob"


def test_who_has_sent_something_and_left_returns_or_begins_anew_but_no_other_team_takes_the_person_in(
    challenge, people
):
    bob, carol, phase = people[0], people[1], challenge.phases[0]
    team = participation.found_team(challenge, name="B", by=bob, accepts_rules=True, now=app_clock.now())
    code = team.join_code
    other = make_team(challenge, name="Other", join_code="other")
    participation.join_team(challenge, code=code, by=carol, accepts_rules=True, now=app_clock.now())
    make_scored(phase, team, {"AUC": 0.5}, account_id=carol.id)
    go(challenge, carol)

    with pytest.raises(NotAllowed, match="team B"):
        participation.join_team(challenge, code="other", by=carol, accepts_rules=True, now=app_clock.now())
    assert len(other.members) == 1
    back = participation.join_team(challenge, code=code, by=carol, accepts_rules=True, now=app_clock.now())
    assert back.id == team.id


def test_a_member_who_is_taken_out_is_not_locked_out_of_the_challenge_and_gets_no_limits_anew(challenge, people):
    bob, carol, phase = people[0], people[1], challenge.phases[0]
    change(phase, max_submissions=1)
    team = participation.found_team(challenge, name="B", by=bob, accepts_rules=True, now=app_clock.now())
    participation.join_team(challenge, code=team.join_code, by=carol, accepts_rules=True, now=app_clock.now())
    send(phase, carol, key="one")
    teams.remove(team, account_id=carol.id, by=bob, now=app_clock.now())

    own = participation.found_team(challenge, name="N", by=carol, accepts_rules=True, now=app_clock.now())

    assert own.id != team.id
    with pytest.raises(TooMany, match="all submissions"):
        send(phase, carol, key="two")


def test_who_has_sent_nothing_leaves_one_team_for_another(challenge, people):
    bob, carol = people[0], people[1]
    team = participation.found_team(challenge, name="B", by=bob, accepts_rules=True, now=app_clock.now())
    participation.join_team(challenge, code=team.join_code, by=carol, accepts_rules=True, now=app_clock.now())
    make_scored(challenge.phases[0], team, {"AUC": 0.5}, account_id=bob.id)
    go(challenge, carol)

    assert participation.join_alone(challenge, by=carol, accepts_rules=True, now=app_clock.now()).name == "Carol"
