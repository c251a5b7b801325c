"""The table of moves is closed, and every state has a word."""

import pytest

from app.rules.states import (
    MOVES,
    RERUN_FROM,
    SUBMISSION_LABELS,
    VERSION_LABELS,
    SubmissionStatus,
    VersionStatus,
    sources_of,
)

S = SubmissionStatus


def test_every_state_has_its_moves_and_its_word():
    assert set(MOVES) == set(S)
    assert set(SUBMISSION_LABELS) == set(S)
    assert set(VERSION_LABELS) == set(VersionStatus)


@pytest.mark.parametrize("status", [S.FINISHED, S.FAILED, S.CANCELLED])
def test_what_is_over_can_only_be_deleted(status):
    assert status.is_over
    assert MOVES[status] == {S.DELETED}


def test_what_is_deleted_stays_so_and_is_never_evaluated_again():
    assert MOVES[S.DELETED] == frozenset()
    assert S.DELETED not in RERUN_FROM


@pytest.mark.parametrize("status", [S.QUEUED, S.RUNNING])
def test_what_is_open_can_always_be_cancelled_and_fail(status):
    assert not status.is_over
    assert {S.CANCELLED, S.FAILED} <= MOVES[status]


def test_nothing_finishes_without_having_run():
    assert sources_of(S.FINISHED) == {S.RUNNING}
    assert sources_of(S.RUNNING) == {S.QUEUED}
    assert sources_of(S.QUEUED) == {S.RUNNING}


def test_every_state_can_be_reached_from_queued():
    reached, new = set(), {S.QUEUED}
    while new:
        reached |= new
        new = {target for source in new for target in MOVES[source]} - reached

    assert reached == set(S)


@pytest.mark.parametrize("status", list(S))
def test_no_state_moves_to_itself(status):
    assert status not in MOVES[status]
