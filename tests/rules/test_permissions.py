"""Who may see and do what, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from app.rules import permissions
from app.rules.permissions import Standpoint
from app.rules.states import HostingPolicy, Visibility

VISITOR = Standpoint()
PARTICIPANT = Standpoint(team_id=1)
OTHER = Standpoint(team_id=2)
HOST = Standpoint(is_host=True)
HOST_IN_TEAM = Standpoint(is_host=True, team_id=3)
ADMIN = Standpoint(is_admin=True)
EVERYBODY = [VISITOR, PARTICIPANT, OTHER, HOST, HOST_IN_TEAM, ADMIN]
RUNNING_IT = [HOST, HOST_IN_TEAM, ADMIN]

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def allowed(question, **facts):
    return [person for person in EVERYBODY if question(person, **facts)]


def test_who_sees_a_challenge():
    assert allowed(permissions.may_see_challenge, is_live=True) == EVERYBODY
    assert allowed(permissions.may_see_challenge, is_live=False) == RUNNING_IT


def test_who_sees_a_phase():
    assert allowed(permissions.may_see_phase, is_public=True) == EVERYBODY
    assert allowed(permissions.may_see_phase, is_public=False) == RUNNING_IT


def test_who_opens_a_board():
    assert allowed(permissions.may_see_board, visibility=Visibility.EVERYBODY) == EVERYBODY
    assert allowed(permissions.may_see_board, visibility=Visibility.HOST) == RUNNING_IT
    assert allowed(permissions.may_see_board, visibility=Visibility.OWNER_AND_HOST) == [PARTICIPANT, OTHER, *RUNNING_IT]


def test_who_sees_only_the_own_row():
    assert allowed(permissions.sees_only_own_row, visibility=Visibility.EVERYBODY) == []
    assert allowed(permissions.sees_only_own_row, visibility=Visibility.OWNER_AND_HOST) == [VISITOR, PARTICIPANT, OTHER]


def test_a_visibility_that_does_not_exist_opens_nothing_to_participants():
    assert allowed(permissions.may_see_board, visibility=0) == RUNNING_IT


def test_who_sees_a_submissions_scores():
    question = permissions.may_see_scores
    assert allowed(question, visibility=Visibility.EVERYBODY, owner_team_id=1) == [PARTICIPANT, *RUNNING_IT]
    assert allowed(question, visibility=Visibility.OWNER_AND_HOST, owner_team_id=1) == [PARTICIPANT, *RUNNING_IT]
    assert allowed(question, visibility=Visibility.HOST, owner_team_id=1) == RUNNING_IT


def test_who_sees_a_submission():
    assert allowed(permissions.may_see_submission, team_id=1) == [PARTICIPANT, *RUNNING_IT]


@pytest.mark.parametrize(
    ("is_live", "registration_open", "now", "expected"),
    [
        (True, True, NOW, True),
        (True, True, NOW + timedelta(seconds=1), False),
        (True, False, NOW, False),
        (False, True, NOW, False),
    ],
)
def test_when_people_may_join(is_live, registration_open, now, expected):
    assert permissions.may_join(is_live=is_live, registration_open=registration_open, end=NOW, now=now) is expected


def test_who_may_submit_when():
    question = permissions.may_submit_now
    assert allowed(question, start=NOW - DAY, end=NOW + DAY, now=NOW) == EVERYBODY
    assert allowed(question, start=NOW + DAY, end=NOW + DAY, now=NOW) == [HOST, HOST_IN_TEAM]
    assert allowed(question, start=NOW - DAY, end=NOW - DAY, now=NOW) == [HOST, HOST_IN_TEAM]


@pytest.mark.parametrize(
    ("policy", "is_admin", "named", "expected"),
    [
        (HostingPolicy.NAMED, False, False, False),
        (HostingPolicy.NAMED, False, True, True),
        (HostingPolicy.NAMED, True, False, True),
        (HostingPolicy.EVERYBODY, False, False, True),
    ],
)
def test_who_may_host(policy, is_admin, named, expected):
    assert permissions.may_host(policy=policy, is_admin=is_admin, named=named) is expected
