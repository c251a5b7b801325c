"""What a host decides about teams and people: approval, bans, who may take part."""

import pytest

from app import clock as app_clock
from app.extensions import db, writing
from app.models.site import AuditEntry
from app.queries import challenges, leaderboards, team_lists
from app.queries import participation as participation_queries
from app.queries import teams as team_queries
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from app.rules.states import TeamStatus
from app.services import acceptance, participation, team_review, teams
from app.services.team_review import TeamSettings
from tests.factories import make_account, make_challenge, make_scored, make_team
from tests.services.test_submissions import send

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def challenge(site):
    return make_challenge()


@pytest.fixture
def host(challenge):
    return challenge.hosts[0].account


@pytest.fixture
def bob(site):
    return make_account("Bob")


@pytest.fixture
def team(challenge, bob):
    return make_team(challenge, bob, make_account("Carol"), name="Bobcats")


def settle(challenge, host, **changes):
    team_review.change_settings(challenge, TeamSettings(**changes), by=host, now=app_clock.now())


def alone(challenge, person):
    return participation.join_alone(challenge, by=person, accepts_rules=True, now=app_clock.now())


def decide(act, team, host, **more):
    act(team, by=host, now=app_clock.now(), **more)


def board(challenge):
    db.session.expire_all()
    return [row.team for row in leaderboards.board(challenge.phases[0].splits[0], own_team_id=None).rows]


def deeds():
    return [it.action for it in db.session.query(AuditEntry).order_by(AuditEntry.id)]


# -- approval ----------------------------------------------------------------------------------------------------------


def test_where_a_host_approves_teams_a_new_one_waits_and_cannot_submit(challenge, host, bob):
    settle(challenge, host, needs_team_approval=True)
    team = alone(challenge, bob)

    with pytest.raises(NotAllowed, match="approval"):
        send(challenge.phases[0], bob)
    decide(team_review.approve, team, host)

    assert send(challenge.phases[0], bob).team_id == team.id
    assert "team.approved" in deeds()


def test_a_refused_team_reads_the_reason_and_can_still_be_approved(challenge, host, bob):
    settle(challenge, host, needs_team_approval=True)
    team = alone(challenge, bob)

    decide(team_review.refuse, team, host, reason="Only for the lab.")

    with pytest.raises(NotAllowed, match="Only for the lab"):
        send(challenge.phases[0], bob)
    decide(team_review.approve, team, host)
    assert (team.status, team.status_reason) == (TeamStatus.ACTIVE, "")


def test_who_withdraws_and_comes_back_waits_no_second_time(challenge, host, bob):
    settle(challenge, host, needs_team_approval=True)
    team = alone(challenge, bob)
    decide(team_review.approve, team, host)

    teams.withdraw(team, by=bob, now=app_clock.now())
    teams.come_back(team, by=bob, now=app_clock.now())

    assert team.status is TeamStatus.ACTIVE


def test_withdrawing_is_no_way_around_the_approval(challenge, host, bob):
    settle(challenge, host, needs_team_approval=True)
    team = alone(challenge, bob)

    teams.withdraw(team, by=bob, now=app_clock.now())
    teams.come_back(team, by=bob, now=app_clock.now())

    assert team.status is TeamStatus.WAITING


def test_teams_from_before_go_on_and_waiting_ones_are_let_in_when_approval_ends(challenge, host, team, bob):
    settle(challenge, host, needs_team_approval=True)
    waiting = alone(challenge, make_account("Dave"))
    assert (team.status, waiting.status) == (TeamStatus.ACTIVE, TeamStatus.WAITING)

    settle(challenge, host, needs_team_approval=False)

    assert waiting.status is TeamStatus.ACTIVE


def test_two_hosts_who_decide_at_once_decide_once(challenge, host, bob):
    settle(challenge, host, needs_team_approval=True)
    team = alone(challenge, bob)
    decide(team_review.refuse, team, host, reason="No.")

    with pytest.raises(Conflict):
        decide(team_review.refuse, team, host, reason="Again no.")
    assert team.status_reason == "No."


# -- bans --------------------------------------------------------------------------------------------------------------


def test_a_banned_team_is_off_the_board_submits_nothing_and_reads_why_until_the_ban_is_lifted(
    challenge, host, team, bob
):
    make_scored(challenge.phases[0], team, {"AUC": 0.5})

    decide(team_review.ban, team, host, reason="Shared labels.")

    assert board(challenge) == []
    with pytest.raises(NotAllowed, match="Shared labels"):
        send(challenge.phases[0], bob)

    decide(team_review.unban, team, host)

    assert board(challenge) == ["Bobcats"]
    assert send(challenge.phases[0], bob).team_id == team.id
    assert deeds()[-2:] == ["team.banned", "team.unbanned"]


def test_a_ban_needs_a_reason(team, host):
    with pytest.raises(Invalid, match="reason"):
        decide(team_review.ban, team, host, reason="  ")

    assert team.status is TeamStatus.ACTIVE


def test_lifting_a_ban_lets_a_team_back_also_where_teams_are_approved_since(challenge, team, host):
    decide(team_review.ban, team, host, reason="Why not.")
    settle(challenge, host, needs_team_approval=True)

    decide(team_review.unban, team, host)

    assert team.status is TeamStatus.ACTIVE


def test_a_banned_person_submits_nothing_in_a_team_that_goes_on_under_another_leader(challenge, host, team, bob):
    make_scored(challenge.phases[0], team, {"AUC": 0.5})
    carol = team.members[1].account

    team_review.ban_person(challenge, bob, reason="Two accounts.", by=host, now=app_clock.now())

    with pytest.raises(NotAllowed, match="Two accounts"):
        send(challenge.phases[0], bob)
    assert send(challenge.phases[0], carol).team_id == team.id
    assert [it.account.name for it in team.members if it.is_leader] == ["Carol"]
    assert board(challenge) == ["Bobcats"]


def test_banning_who_is_alone_takes_the_team_off_the_board_and_lifting_brings_it_back(challenge, host, bob):
    team = alone(challenge, bob)
    make_scored(challenge.phases[0], team, {"AUC": 0.5})

    team_review.ban_person(challenge, bob, reason="Two accounts.", by=host, now=app_clock.now())
    assert (board(challenge), team.status) == ([], TeamStatus.BANNED)
    team_review.unban_person(challenge, bob, by=host, now=app_clock.now())

    assert board(challenge) == ["Bob"]
    assert send(challenge.phases[0], bob).team_id == team.id


def test_a_banned_person_does_not_begin_anew(challenge, host, team, bob):
    team_review.ban_person(challenge, bob, reason="Two accounts.", by=host, now=app_clock.now())
    teams.leave(challenge, by=bob, now=app_clock.now())

    with pytest.raises(NotAllowed, match="Two accounts"):
        alone(challenge, bob)


def test_hosts_are_not_banned_nor_anybody_twice(challenge, host, bob):
    with pytest.raises(NotAllowed):
        team_review.ban_person(challenge, host, reason="No.", by=host, now=app_clock.now())
    team_review.ban_person(challenge, bob, reason="Yes.", by=host, now=app_clock.now())
    with pytest.raises(Conflict):
        team_review.ban_person(challenge, bob, reason="Yes.", by=host, now=app_clock.now())
    team_review.unban_person(challenge, bob, by=host, now=app_clock.now())
    with pytest.raises(NotFound):
        team_review.unban_person(challenge, bob, by=host, now=app_clock.now())


# -- addresses ---------------------------------------------------------------------------------------------------------


def test_addresses_are_looked_at_when_somebody_joins_and_when_somebody_submits(challenge, host, team, bob):
    settle(challenge, host, blocked_email_domains=["example.com"])

    with pytest.raises(NotAllowed, match="e-mail"):
        alone(challenge, make_account())
    with pytest.raises(NotAllowed, match="e-mail"):
        send(challenge.phases[0], bob)

    settle(challenge, host, blocked_email_domains=["example.com"], admitted_email_ids=["bob@example.com"])

    assert send(challenge.phases[0], bob).team_id == team.id


def test_a_host_submits_whatever_the_addresses_say(challenge, host):
    settle(challenge, host, allowed_email_domains=["nowhere.example"])
    alone(challenge, host)

    assert send(challenge.phases[0], host).id


def test_the_settings_are_noted_with_what_changed_only(challenge, host):
    settle(challenge, host, max_team_members=4)

    noted = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (noted.action, noted.details) == (
        "challenge.teams_changed",
        {"max_team_members": {"before": None, "after": 4}},
    )
    assert challenge.extra["max_team_members"] == 4


# -- rules -------------------------------------------------------------------------------------------------------------


def test_changed_rules_stop_submissions_until_they_are_accepted_and_every_text_stays(challenge, bob):
    alone(challenge, bob)
    before = challenge.rules_sha256
    with writing():
        challenge.terms_and_conditions = "<p>New rules.</p>"

    with pytest.raises(NotAllowed, match="rules have changed"):
        send(challenge.phases[0], bob)
    with pytest.raises(Conflict):
        acceptance.accept_rules(challenge, shown_sha256=before, by=bob, now=app_clock.now())
    acceptance.accept_rules(challenge, shown_sha256=challenge.rules_sha256, by=bob, now=app_clock.now())

    assert send(challenge.phases[0], bob).id
    kept = [(text.text, people) for text, people in participation_queries.accepted_rules(challenge.id)]
    assert kept == [("<p>New rules.</p>", 1), ("<p>Play fair.</p>", 1)]


def test_what_somebody_accepted_stays_provable_after_the_person_left(challenge, bob):
    alone(challenge, bob)
    teams.leave(challenge, by=bob, now=app_clock.now())

    accepted = participation_queries.acceptances([bob.id], challenge.id)[bob.id]
    assert [it.rules.text for it in accepted] == ["<p>Play fair.</p>"]
    assert team_queries.membership(challenge.id, bob.id) is None


# -- the list ----------------------------------------------------------------------------------------------------------


def test_the_list_finds_teams_by_their_name_and_by_members_and_counts_what_they_sent(challenge, team):
    make_team(challenge, name="Rivals")
    make_scored(challenge.phases[0], team, {"AUC": 0.5})

    by_member = team_lists.page(challenge.id, search="cAr")
    assert [(it.team.name, it.sent) for it in by_member.rows] == [("Bobcats", 1)]
    assert [it.team.name for it in team_lists.page(challenge.id, search="riv").rows] == ["Rivals"]
    assert team_lists.page(challenge.id, search="%").rows == []
    assert team_lists.page(challenge.id, search="a\0b").rows == []


def test_the_list_has_pages_and_waiting_teams_first(challenge, monkeypatch):
    monkeypatch.setattr(team_lists, "PAGE", 2)
    for name in ("A", "B", "C"):
        make_team(challenge, name=name)
    make_team(challenge, name="W", status=TeamStatus.WAITING)
    make_team(challenge, name="M", status=TeamStatus.MERGED)

    first, last = team_lists.page(challenge.id), team_lists.page(challenge.id, number=99)

    assert [it.team.name for it in first.rows] == ["W", "A"]
    assert ([it.team.name for it in last.rows], last.number, last.count) == (["B", "C"], 2, 2)
    waiting = team_lists.page(challenge.id, status=TeamStatus.WAITING)
    assert [it.team.name for it in waiting.rows] == ["W"]
    assert challenges.team_counts([challenge.id]) == {challenge.id: 3}
