"""Taking part alone, with a new team, or in somebody's team."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app.extensions import db, writing
from app.models.accounts import Account
from app.models.challenges import Challenge, ChallengeHost
from app.models.teams import Membership, Team
from app.rules.errors import Conflict, Invalid, NotAllowed
from app.services import participation
from tests.factories import make_account, make_admin, make_challenge, make_host, make_team
from tests.services.test_submissions import released_together

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def bob(site):
    return make_account("Bob")


@pytest.fixture
def challenge(site):
    return make_challenge()


def alone(challenge, by, *, accepts=True, now=None):
    return participation.join_alone(challenge, by=by, accepts_rules=accepts, now=now or app_clock.now())


def found(challenge, by, *, name="Bobcats", accepts=True):
    return participation.found_team(challenge, name=name, by=by, accepts_rules=accepts, now=app_clock.now())


def join(challenge, by, *, code, accepts=True):
    return participation.join_team(challenge, code=code, by=by, accepts_rules=accepts, now=app_clock.now())


def members(challenge):
    return db.session.scalar(
        select(func.count()).select_from(Membership).where(Membership.challenge_id == challenge.id)
    )


def test_one_click_makes_a_team_of_one_named_after_the_person(challenge, bob):
    team = alone(challenge, bob)

    assert (team.name, team.join_code, team.is_host_team) == ("Bob", None, False)
    assert [it.account.name for it in team.members] == ["Bob"]


def test_the_rules_are_kept_as_the_person_accepted_them(challenge, bob, clock):
    team = alone(challenge, bob, now=clock.now())

    member = team.members[0]
    assert member.terms_sha256 == hashlib.sha256(challenge.terms_and_conditions.encode()).hexdigest()
    assert member.terms_accepted_at == clock.now()


def test_a_name_that_a_team_has_already_gets_a_number(challenge, bob):
    make_team(challenge, name="Bob")
    make_team(challenge, name="bob 2")

    assert alone(challenge, bob).name == "Bob 3"


def test_a_new_team_has_a_code_that_lets_others_in(challenge, bob):
    team = found(challenge, bob, name="  The   Bobcats ")
    carol = make_account("Carol")

    joined = join(challenge, carol, code=f" {team.join_code} ")

    assert joined.id == team.id
    assert team.name == "The Bobcats"
    assert {it.account.name for it in team.members} == {"Bob", "Carol"}


@pytest.mark.parametrize("name", ["BOBCATS", "bobcats", "Ｂobcats", " Bobcats "])
def test_a_teams_name_is_taken_however_it_is_written(challenge, bob, name):
    make_team(challenge, name="Bobcats")

    with pytest.raises(Invalid, match="already"):
        found(challenge, bob, name=name)

    assert members(challenge) == 1


def test_the_same_name_in_another_challenge_is_free(challenge, bob):
    make_team(make_challenge(), name="Bobcats")

    assert found(challenge, bob).name == "Bobcats"


@pytest.mark.parametrize("name", ["", " ", "\u200b", "x" * 41, "a\x00b", "\u202egnirts"])
def test_a_name_that_cannot_be_shown_is_refused(challenge, bob, name):
    with pytest.raises(Invalid):
        found(challenge, bob, name=name)

    assert members(challenge) == 0


@pytest.mark.parametrize("act", [alone, found])
def test_who_does_not_accept_the_rules_does_not_take_part(challenge, bob, act):
    with pytest.raises(Invalid, match="rules"):
        act(challenge, bob, accepts=False)

    assert members(challenge) == 0


@pytest.mark.parametrize("act", [alone, found])
def test_a_person_takes_part_once(challenge, bob, act):
    make_team(challenge, bob)

    with pytest.raises(Conflict, match="already"):
        act(challenge, bob)

    assert members(challenge) == 1


def test_a_wrong_code_an_old_code_and_one_of_another_challenge_let_nobody_in(challenge, bob):
    other = found(make_challenge(), make_account("Carol"), name="Elsewhere")

    for code in ("", "nonsense", other.join_code, "%", "' or 1=1 --"):
        with pytest.raises(Invalid, match="No team of this challenge"):
            join(challenge, bob, code=code)


def test_a_full_team_takes_nobody(bob):
    challenge = make_challenge(extra={"max_team_members": 2})
    team = found(challenge, make_account())
    join(challenge, make_account(), code=team.join_code)

    with pytest.raises(Invalid, match="2 members"):
        join(challenge, bob, code=team.join_code)


@pytest.mark.parametrize("state", [{"is_approved": False}, {"is_published": False}, {"registration_open": False}])
def test_a_challenge_that_is_not_live_or_takes_nobody_refuses(bob, state):
    challenge = make_challenge(**state)

    with pytest.raises(NotAllowed):
        alone(challenge, bob)


def test_a_challenge_that_is_over_refuses(challenge, bob):
    with pytest.raises(NotAllowed):
        alone(challenge, bob, now=challenge.end_at + timedelta(seconds=1))


def test_people_may_join_before_it_starts(bob):
    now = app_clock.now()
    challenge = make_challenge(start_at=now + timedelta(days=1), end_at=now + timedelta(days=2))

    assert alone(challenge, bob).id


def test_a_host_joins_the_own_challenge_before_it_is_live_as_a_team_that_never_ranks():
    hana = make_host()
    challenge = make_challenge(host=hana, is_approved=False)

    assert alone(challenge, hana).is_host_team


def test_an_admin_joins_as_everybody_does(challenge):
    assert not alone(challenge, make_admin()).is_host_team


def test_a_participant_does_not_get_into_the_hosts_team_nor_a_host_into_a_participants(bob):
    hana, ivo = make_host("Hana"), make_host("Ivo")
    challenge = make_challenge(host=hana)
    hosts = found(challenge, hana, name="Hosts")
    theirs = found(challenge, bob)

    with pytest.raises(Invalid):
        join(challenge, ivo, code=hosts.join_code)

    with writing() as session:
        session.add(ChallengeHost(challenge_id=challenge.id, account_id=ivo.id))
    with pytest.raises(Invalid):
        join(challenge, ivo, code=theirs.join_code)


@pytest.mark.race
def test_eight_at_once_for_one_team_name_are_one_team(app, challenge):
    challenge_id, people = challenge.id, [make_account().id for _ in range(8)]
    db.session.remove()

    def act(number):
        return found(db.session.get(Challenge, challenge_id), db.session.get(Account, people[number])).id

    results = released_together(app, 8, act)

    assert sum(isinstance(it, int) for it in results) == 1
    assert sum(isinstance(it, Invalid) for it in results) == 7
    assert db.session.scalar(select(func.count()).select_from(Team)) == 1


@pytest.mark.race
def test_eight_clicks_on_take_part_are_one_place(app, challenge, bob):
    challenge_id, bob_id = challenge.id, bob.id
    db.session.remove()

    def act(_number):
        return alone(db.session.get(Challenge, challenge_id), db.session.get(Account, bob_id)).id

    results = released_together(app, 8, act)

    assert sum(isinstance(it, int) for it in results) == 1
    assert sum(isinstance(it, Conflict) for it in results) == 7


@pytest.mark.race
def test_four_at_once_for_the_last_seat_of_a_team_are_one_member(app):
    challenge = make_challenge(extra={"max_team_members": 2})
    code = found(challenge, make_account()).join_code
    challenge_id, people = challenge.id, [make_account().id for _ in range(4)]
    db.session.remove()

    def act(number):
        return join(db.session.get(Challenge, challenge_id), db.session.get(Account, people[number]), code=code).id

    results = released_together(app, 4, act)

    assert sum(isinstance(it, int) for it in results) == 1
    assert sum(isinstance(it, Invalid) for it in results) == 3
