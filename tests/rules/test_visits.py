"""When somebody looked before: half an hour makes another visit, and little is remembered."""

from datetime import UTC, datetime, timedelta

from app.rules.visits import MOST, noted

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_looking_again_soon_is_the_same_visit_and_later_another_one():
    first, before_first = noted({}, "1", now=NOW)
    again, before_again = noted(first, "1", now=NOW + timedelta(minutes=20))
    _, before_later = noted(again, "1", now=NOW + timedelta(hours=3))

    assert (before_first, before_again, before_later) == (None, None, NOW + timedelta(minutes=20))


def test_what_a_browser_sends_is_never_trusted_and_stays_small():
    known = {"1": "x", "2": [1], "3": None}
    for number in range(20):
        known, _ = noted(known, str(100 + number), now=NOW + timedelta(minutes=number))

    assert len(known) == MOST
    assert "119" in known
