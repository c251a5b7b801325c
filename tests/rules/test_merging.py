"""What one team could have sent by now."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.rules.merging import most_by_now
from app.rules.quotas import Limits

TOKYO = ZoneInfo("Asia/Tokyo")
START = datetime(2026, 11, 1, 9, 0, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("limits", "now", "most"),
    [
        (Limits(2, 100, 100, 1), datetime(2026, 11, 1, 9, 0, tzinfo=TOKYO), 2),
        (Limits(2, 100, 100, 1), datetime(2026, 11, 1, 23, 59, tzinfo=TOKYO), 2),
        (Limits(2, 100, 100, 1), datetime(2026, 11, 2, 0, 0, tzinfo=TOKYO), 4),
        (Limits(2, 10, 100, 1), datetime(2026, 11, 30, 0, 0, tzinfo=TOKYO), 10),
        (Limits(2, 10, 100, 1), datetime(2026, 12, 31, 0, 0, tzinfo=TOKYO), 20),
        (Limits(2, 10, 15, 1), datetime(2027, 1, 31, 0, 0, tzinfo=TOKYO), 15),
        (Limits(2, 10, 15, 1), datetime(2026, 10, 31, 0, 0, tzinfo=TOKYO), 0),
    ],
)
def test_days_and_months_that_have_begun_count_whole(limits, now, most):
    assert most_by_now(limits, start=START, now=now, zone=TOKYO) == most
