from datetime import UTC, datetime, timedelta

from app.rules.throttle import (
    SIGN_IN_PER_PERSON_AND_ADDRESS,
    SIGN_IN_UNDER_ATTACK,
    Limit,
    seconds_to_wait,
    sign_in_limit,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
THREE_A_MINUTE = Limit(3, timedelta(minutes=1))


def ago(*seconds):
    return [NOON - timedelta(seconds=second) for second in seconds]


def test_below_the_limit_nobody_waits():
    assert seconds_to_wait(ago(1, 2), THREE_A_MINUTE, now=NOON) == 0


def test_at_the_limit_one_waits_until_the_oldest_that_counts_leaves_the_window():
    assert seconds_to_wait(ago(1, 50, 20), THREE_A_MINUTE, now=NOON) == 10
    assert seconds_to_wait(ago(1, 2, 50, 20), THREE_A_MINUTE, now=NOON) == 40


def test_old_tries_are_forgotten():
    assert seconds_to_wait(ago(60, 61, 1, 2), THREE_A_MINUTE, now=NOON) == 0


def test_an_account_under_attack_allows_each_address_a_few_tries_and_locks_nobody_out():
    assert sign_in_limit(ago(*range(49)), now=NOON) is SIGN_IN_PER_PERSON_AND_ADDRESS
    assert sign_in_limit(ago(*range(50)), now=NOON) is SIGN_IN_UNDER_ATTACK
    assert seconds_to_wait([], SIGN_IN_UNDER_ATTACK, now=NOON) == 0
