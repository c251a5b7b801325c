"""The order of a board: best per team, ties shared and to the earlier, missing scores last."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.ranking import Candidate, latest, oriented, rank

START = datetime(2026, 1, 1, tzinfo=UTC)


def candidate(team, score, *, at=0, submission=None):
    return Candidate(team, submission or team * 100 + at, START + timedelta(minutes=at), score)


def order(candidates, *, descending=True):
    return [(it.rank, it.candidate.team_id) for it in rank(candidates, descending=descending)]


def test_the_best_of_each_team_counts():
    found = rank([candidate(1, 0.5), candidate(1, 0.9, at=5), candidate(2, 0.7)], descending=True)

    assert [(it.rank, it.candidate.score) for it in found] == [(1, 0.9), (2, 0.7)]


def test_where_lower_is_better_the_lowest_leads():
    assert order([candidate(1, 3.0), candidate(2, 1.0), candidate(3, 2.0)], descending=False) == [
        (1, 2),
        (2, 3),
        (3, 1),
    ]


def test_equal_scores_share_a_rank_and_the_earlier_is_listed_first():
    found = order([candidate(1, 0.9, at=9), candidate(2, 0.9, at=1), candidate(3, 0.5), candidate(4, 1.0)])

    assert found == [(1, 4), (2, 2), (2, 1), (4, 3)]


def test_equal_scores_at_the_same_moment_are_listed_in_the_order_they_came():
    assert order([candidate(2, 0.9, submission=7), candidate(1, 0.9, submission=8)]) == [(1, 2), (1, 1)]


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("missing", [None, math.nan, math.inf, -math.inf])
def test_a_missing_score_ranks_last_in_both_directions(descending, missing):
    found = order(
        [candidate(1, missing), candidate(2, 0.0), candidate(3, -5.0), candidate(4, 5.0)], descending=descending
    )

    assert found[-1] == (4, 1)


def test_missing_scores_share_the_last_rank():
    assert order([candidate(1, None, at=2), candidate(2, None, at=1), candidate(3, 1.0)]) == [(1, 3), (2, 2), (2, 1)]


def test_full_precision_orders_whatever_is_shown():
    assert order([candidate(1, 0.12341), candidate(2, 0.12342)]) == [(1, 2), (2, 1)]


def test_an_empty_board_is_empty():
    assert rank([], descending=True) == []


def test_the_latest_of_each_team_better_or_worse():
    found = latest([candidate(1, 0.9, at=1), candidate(1, 0.1, at=2), candidate(2, 0.5, at=0)])

    assert {it.team_id: it.score for it in found} == {1: 0.1, 2: 0.5}


def test_turned_scores_are_higher_when_better():
    assert (oriented(2.0, descending=True), oriented(2.0, descending=False)) == (2.0, -2.0)
    assert oriented(math.nan, descending=True) is None


SCORES = st.one_of(st.none(), st.sampled_from([0.0, -0.0, 0.5, 1.0]), st.floats(allow_nan=True))
BOARDS = st.lists(st.tuples(st.integers(1, 5), SCORES, st.integers(0, 5)), max_size=30)


@given(board=BOARDS, descending=st.booleans(), seed=st.randoms())
def test_any_board_is_ordered_the_same_however_its_rows_are_shuffled(board, descending, seed):
    rows = [candidate(team, score, at=at, submission=n) for n, (team, score, at) in enumerate(board, start=1)]
    shuffled = rows[:]
    seed.shuffle(shuffled)

    found = rank(rows, descending=descending)

    assert rank(shuffled, descending=descending) == found
    assert sorted(it.candidate.team_id for it in found) == sorted({it.team_id for it in rows})
    assert [it.rank for it in found] == sorted(it.rank for it in found)
    for place, it in enumerate(found, start=1):
        assert it.rank <= place
    keys = [oriented(it.candidate.score, descending=descending) for it in found]
    present = [key for key in keys if key is not None]
    assert present == sorted(present, reverse=True)
    assert keys[len(present) :] == [None] * (len(keys) - len(present))
