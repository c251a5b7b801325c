"""What counts on a final board: the picks, else the best on the public board, else everything; nobody is dropped."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.rules.picks import Choice, counting

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def choice(submission_id, minutes=None, *, team=1):
    return Choice(team, submission_id, None if minutes is None else NOON + timedelta(minutes=minutes))


def test_what_a_team_picked_counts_and_nothing_else():
    assert counting([choice(1), choice(2, 5), choice(3, 1)], most=2, public_best={1: 1}) == {2, 3}


def test_without_a_pick_the_best_on_the_public_board_counts():
    assert counting([choice(1), choice(2)], most=2, public_best={1: 2}) == {2}


def test_without_either_everything_counts():
    assert counting([choice(1), choice(2)], most=1, public_best={}) == {1, 2}
    assert counting([choice(1), choice(2)], most=1, public_best={1: 99}) == {1, 2}


def test_of_more_picks_than_count_the_first_do():
    assert counting([choice(1, 3), choice(2, 1), choice(3, 2)], most=2, public_best={}) == {2, 3}


@given(
    st.lists(st.tuples(st.integers(1, 4), st.none() | st.integers(0, 9)), max_size=12),
    st.integers(1, 2),
    st.dictionaries(st.integers(1, 4), st.integers(0, 15)),
)
def test_no_team_is_dropped_and_none_counts_with_more_than_its_picks(drawn, most, public_best):
    choices = [choice(number, minutes, team=team) for number, (team, minutes) in enumerate(drawn)]

    found = counting(choices, most=most, public_best=public_best)

    for team in {it.team_id for it in choices}:
        own = [it for it in choices if it.team_id == team]
        counted = [it for it in own if it.submission_id in found]
        assert counted
        if any(it.picked_at for it in own):
            assert len(counted) <= most
            assert all(it.picked_at for it in counted)
