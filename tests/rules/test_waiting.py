"""When a queued submission starts: an honest guess, rounded, and none where nobody knows."""

import pytest

from app.rules.waiting import Run, Unit, expected_start, rounded


@pytest.mark.parametrize(
    ("ahead", "running", "places", "expected"),
    [
        ([], [], 1, 0),
        ([], [Run(60, 20)], 1, 40),
        ([], [Run(60, 20)], 2, 0),
        ([], [Run(60, 90)], 1, 0),
        ([10, 20], [], 1, 30),
        ([10, 20], [], 2, 10),
        ([10, 20, 30], [Run(60, 55), Run(60, 0)], 2, 60),
        ([None], [], 1, None),
        ([], [Run(None, 5)], 1, None),
        ([], [Run(None, 5)], 2, 0),
        ([5], [Run(None, 5)], 2, None),
    ],
)
def test_a_run_starts_when_a_place_is_free(ahead, running, places, expected):
    assert expected_start(ahead, running, places=places) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, (0, Unit.MOMENT)),
        (40, (0, Unit.MOMENT)),
        (50, (1, Unit.MINUTES)),
        (125, (2, Unit.MINUTES)),
        (17 * 60, (15, Unit.MINUTES)),
        (50 * 60, (50, Unit.MINUTES)),
        (58 * 60, (1, Unit.HOURS)),
        (5.4 * 3600, (5, Unit.HOURS)),
        (40 * 3600, (2, Unit.DAYS)),
    ],
)
def test_a_time_is_said_no_more_exactly_than_anybody_knows_it(seconds, expected):
    assert rounded(seconds) == expected
