"""A trail is what a team's score was when, in few points."""

from datetime import UTC, datetime, timedelta

from app.rules.trails import MOST, trail

START = datetime(2026, 11, 1, tzinfo=UTC)


def scores(*values):
    return [(START + timedelta(hours=number), value) for number, value in enumerate(values)]


def test_only_improvements_count_where_the_best_does():
    assert [it for _, it in trail(scores(0.5, 0.4, 0.7, None, float("nan")), descending=True, by_latest=False)] == [
        0.5,
        0.7,
    ]
    assert [it for _, it in trail(scores(0.5, 0.4, 0.7), descending=False, by_latest=False)] == [0.5, 0.4]


def test_every_change_counts_where_the_latest_does():
    assert [it for _, it in trail(scores(0.5, 0.5, 0.4), descending=True, by_latest=True)] == [0.5, 0.4]


def test_a_long_history_keeps_its_ends():
    found = trail(scores(*(number / 1000 for number in range(500))), descending=True, by_latest=False)

    assert len(found) == MOST
    assert (found[0][1], found[-1][1]) == (0.0, 0.499)
