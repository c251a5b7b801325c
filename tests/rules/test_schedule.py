"""When things are open: the first and the last moment belong to the running time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.rules.schedule import Season, season

START = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START - MOMENT, Season.COMING),
        (START, Season.RUNNING),
        (END, Season.RUNNING),
        (END + MOMENT, Season.PAST),
    ],
)
def test_the_edges_belong_to_the_running_time(now, expected):
    assert season(START, END, now=now) is expected


def test_the_zone_in_which_a_moment_is_written_does_not_matter():
    assert season(START, END, now=START.astimezone(ZoneInfo("Asia/Tokyo"))) is Season.RUNNING


def test_every_season_is_listed_once():
    assert sorted(Season.order()) == sorted(Season)
