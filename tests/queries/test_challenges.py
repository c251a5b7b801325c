"""Lists in SQL say the same as the rules of permission."""

import itertools

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.challenges import Challenge, ChallengeHost
from app.queries import challenges
from app.rules.permissions import may_see_challenge
from app.rules.states import VersionStatus
from tests.factories import make_account, make_admin, make_challenge, make_host, make_team

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def every_state():
    """Every status of a challenge, hosted by two people, taken part in by one."""
    hosts = [make_host("Hana"), make_host("Ivo")]
    participant = make_account("Petra")
    for number, (approved, published, host) in enumerate(itertools.product((True, False), (True, False), hosts)):
        made = make_challenge(f"Challenge {number}", host=host, is_approved=approved, is_published=published)
        make_team(made, participant)
    return {"visitor": None, "admin": make_admin(), "participant": participant, "person": make_account()} | {
        host.name: host for host in hosts
    }


@pytest.mark.parametrize("role", ["visitor", "person", "participant", "Hana", "Ivo", "admin"])
def test_the_list_of_challenges_is_what_the_rule_says_for_every_status_and_role(every_state, role):
    account = every_state[role]

    listed = {it.id for it in challenges.listed_for(account)}

    by_rule = {
        it.id
        for it in db.session.scalars(select(Challenge))
        if may_see_challenge(challenges.standpoint(it.id, account), is_live=it.is_live)
    }
    assert listed == by_rule
    assert listed


def test_a_standpoint_is_of_one_challenge_only():
    hana, petra = make_host("Hana"), make_account("Petra")
    one, other = make_challenge(host=hana), make_challenge()
    team = make_team(one, petra)

    assert challenges.standpoint(one.id, petra).team_id == team.id
    assert challenges.standpoint(other.id, petra).team_id is None
    assert challenges.standpoint(one.id, hana).is_host
    assert not challenges.standpoint(other.id, hana).is_host
    assert not challenges.standpoint(one.id, None).runs_it


def test_hosted_challenges_are_ones_own():
    hana = make_host("Hana")
    mine = make_challenge(host=hana, is_approved=False)
    make_challenge()

    assert [it.id for it in challenges.hosted_by(hana)] == [mine.id]


def test_the_admin_reviews_waiting_challenges_first():
    make_challenge("Old")
    make_challenge("Waiting", is_approved=False)
    make_challenge("New")

    assert [it.title for it in challenges.for_review()] == ["Waiting", "New", "Old"]
    assert challenges.for_review()[0].version.status is VersionStatus.WAITING


def test_hosts_teams_are_not_counted():
    challenge = make_challenge()
    make_team(challenge)
    make_team(challenge, is_host_team=True)

    assert challenges.team_counts([challenge.id]) == {challenge.id: 1}


def test_every_file_a_challenge_needs_is_named():
    challenge = make_challenge()
    version, phase = challenge.version, challenge.phases[0]

    assert {version.file_key, phase.annotation_key} <= challenges.file_keys()
    assert challenges.package_keys() == {version.package_key}


def test_a_challenge_always_has_a_host():
    make_challenge()

    assert db.session.scalars(select(ChallengeHost)).all()
