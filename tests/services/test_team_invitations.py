"""Asking somebody into a team: by name, by link, answered once."""

from datetime import timedelta

import pytest

from app import clock as app_clock
from app.extensions import db, writing
from app.models.accounts import Account
from app.models.teams import TeamInvitation
from app.queries import team_requests
from app.queries import teams as team_queries
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from app.services import participation, team_invitations, teams
from tests.factories import make_account, make_challenge, make_host, make_team
from tests.services.test_submissions import released_together

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def challenge(site):
    return make_challenge(extra={"max_team_members": 3})


@pytest.fixture
def bob(site):
    return make_account("Bob")


@pytest.fixture
def carol(site):
    return make_account("Carol")


@pytest.fixture
def team(challenge, bob):
    return make_team(challenge, bob, name="Bobcats")


def invite(team, by, name):
    team_invitations.invite(team, name=name, by=by, now=app_clock.now())
    return team_requests.open_invitations_of(team.id)[0]


def link(team, by, *, now=None):
    team_invitations.make_link(team, by=by, now=now or app_clock.now())
    return team_requests.open_invitations_of(team.id)[0]


def accept(invitation, by, *, accepts=True, now=None):
    return team_invitations.accept(invitation, by=by, accepts_rules=accepts, now=now or app_clock.now())


def members(team):
    db.session.expire_all()
    return [it.account.name for it in team.members]


def test_nobody_is_in_a_team_before_having_agreed(team, bob, carol):
    invitation = invite(team, bob, "  cAROL ")

    assert members(team) == ["Bob"]
    assert team_requests.invitations_for(carol, now=app_clock.now()) == [invitation]

    accept(invitation, carol)

    assert members(team) == ["Bob", "Carol"]
    assert team_requests.invitations_for(carol, now=app_clock.now()) == []


def test_joining_needs_the_rules_accepted(team, bob, carol):
    invitation = invite(team, bob, "Carol")

    with pytest.raises(Invalid, match="rules"):
        accept(invitation, carol, accepts=False)

    assert members(team) == ["Bob"]
    assert team_requests.open_invitations_of(team.id)


def test_an_invitation_by_name_is_for_that_person_only(team, bob, carol):
    invitation = invite(team, bob, "Carol")

    with pytest.raises(NotFound):
        accept(invitation, make_account("Mallory"))
    with pytest.raises(NotFound):
        team_invitations.decline(invitation, by=make_account("Mallet"), now=app_clock.now())


def test_a_name_that_nobody_has_looks_the_same_and_comes_to_nothing(team, bob):
    first = invite(team, bob, "Nobody at all")
    second = invite(team, bob, "NOBODY at all")

    assert [it.name for it in team_requests.open_invitations_of(team.id)] == ["NOBODY at all"]
    assert (first.account_id, second.account_id) == (None, None)
    with pytest.raises(NotFound):
        accept(second, make_account("Nobody at all"))


def test_asking_the_same_person_again_is_one_invitation(team, bob, carol):
    invite(team, bob, "Carol")
    invite(team, bob, "carol")

    assert len(team_requests.open_invitations_of(team.id)) == 1


def test_a_declined_invitation_is_over(team, bob, carol):
    invitation = invite(team, bob, "Carol")

    team_invitations.decline(invitation, by=carol, now=app_clock.now())

    with pytest.raises(NotFound):
        accept(invitation, carol)
    assert members(team) == ["Bob"]


def test_an_invitation_that_was_taken_back_is_over(team, bob, carol):
    invitation = invite(team, bob, "Carol")

    team_invitations.revoke(invitation, by=bob, now=app_clock.now())

    assert team_requests.invitations_for(carol, now=app_clock.now()) == []
    with pytest.raises(NotFound):
        accept(invitation, carol)


def test_a_link_lets_one_person_in(team, bob, carol):
    invitation = link(team, bob)

    accept(invitation, carol)

    with pytest.raises(NotFound):
        accept(invitation, make_account("Dave"))
    assert members(team) == ["Bob", "Carol"]


def test_an_expired_link_lets_nobody_in_until_it_is_renewed_and_has_another_address_then(team, bob, carol, clock):
    invitation = link(team, bob, now=clock.now())
    token = invitation.token
    clock.advance(days=7, seconds=1)
    with pytest.raises(NotFound):
        accept(invitation, carol, now=clock.now())

    team_invitations.renew(invitation, by=bob, now=clock.now())

    assert team_requests.invitation_by_token(token, now=clock.now()) is None
    accept(team_requests.invitation_by_token(invitation.token, now=clock.now()), carol, now=clock.now())
    assert members(team) == ["Bob", "Carol"]


def test_taking_a_member_out_kills_links_that_the_member_may_know(team, bob, carol):
    accept(link(team, bob), carol)
    another = link(team, bob)

    teams.remove(team, account_id=carol.id, by=bob, now=app_clock.now())

    with pytest.raises(NotFound):
        accept(another, carol)


def test_only_the_leader_invites_and_takes_back(team, bob, carol):
    invitation = invite(team, bob, "Carol")
    dave = make_account("Dave")
    accept(link(team, bob), dave)

    for act in (
        lambda: team_invitations.invite(team, name="Eve", by=dave, now=app_clock.now()),
        lambda: team_invitations.make_link(team, by=dave, now=app_clock.now()),
        lambda: team_invitations.renew(invitation, by=dave, now=app_clock.now()),
        lambda: team_invitations.revoke(invitation, by=dave, now=app_clock.now()),
    ):
        with pytest.raises(NotAllowed, match="leader"):
            act()


def test_a_member_is_not_invited_and_invitations_have_a_limit(team, bob):
    with pytest.raises(Invalid, match="already"):
        invite(team, bob, "Bob")
    for number in range(team_invitations.MOST_OPEN):
        invite(team, bob, f"Somebody {number}")

    with pytest.raises(Invalid, match="waiting for an answer"):
        invite(team, bob, "One more")


def test_who_takes_part_already_leaves_first(challenge, team, bob, carol):
    participation.join_alone(challenge, by=carol, accepts_rules=True, now=app_clock.now())
    invitation = invite(team, bob, "Carol")

    with pytest.raises(Conflict, match="already"):
        accept(invitation, carol)
    teams.leave(challenge, by=carol, now=app_clock.now())

    assert accept(invitation, carol).id == team.id


def test_a_host_is_not_taken_into_a_participants_team(challenge, team, bob):
    host = challenge.hosts[0].account

    with pytest.raises(Invalid, match="Hosts"):
        accept(link(team, bob), host)


def test_a_challenge_that_is_over_takes_nobody_by_invitation(challenge, team, bob, carol):
    invitation = invite(team, bob, "Carol")
    with writing():
        challenge.end_at = app_clock.now() - timedelta(days=1)

    with pytest.raises(NotAllowed):
        accept(invitation, carol)


@pytest.mark.race
def test_two_invitations_accepted_at_once_are_one_place(app, challenge, carol):
    ids = []
    for _ in range(4):
        team = make_team(challenge)
        ids.append(invite(team, team.members[0].account, "Carol").id)
    carol_id = carol.id
    db.session.remove()

    results = released_together(
        app, 4, lambda n: accept(db.session.get(TeamInvitation, ids[n]), db.session.get(Account, carol_id)).id
    )

    assert sum(isinstance(it, int) for it in results) == 1
    assert sum(isinstance(it, Conflict) for it in results) == 3
    assert team_queries.membership(challenge.id, carol_id).team_id in results


@pytest.mark.race
def test_four_with_one_link_are_one_member(app, team, bob):
    invitation_id, people = link(team, bob).id, [make_account().id for _ in range(4)]
    db.session.remove()

    results = released_together(
        app, 4, lambda n: accept(db.session.get(TeamInvitation, invitation_id), db.session.get(Account, people[n])).id
    )

    assert sum(isinstance(it, int) for it in results) == 1
    assert sum(isinstance(it, NotFound) for it in results) == 3


@pytest.mark.race
def test_four_invited_at_once_for_the_last_place_are_one_member(app, challenge, team, bob):
    for person in (make_account("Dave"),):
        accept(invite(team, bob, person.name), person)
    people = [make_account() for _ in range(4)]
    ids = [(invite(team, bob, it.name).id, it.id) for it in people]
    db.session.remove()

    results = released_together(
        app, 4, lambda n: accept(db.session.get(TeamInvitation, ids[n][0]), db.session.get(Account, ids[n][1])).id
    )

    assert sum(isinstance(it, int) for it in results) == 1
    assert sum(isinstance(it, Invalid) for it in results) == 3


def test_a_host_invites_into_the_hosts_team(site):
    hana, ivo = make_host("Hana"), make_host("Ivo")
    challenge = make_challenge(host=hana)
    team = participation.found_team(challenge, name="Hosts", by=hana, accepts_rules=True, now=app_clock.now())

    with pytest.raises(Invalid, match="Hosts"):
        accept(invite(team, hana, "Ivo"), ivo)
