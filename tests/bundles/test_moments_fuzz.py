"""Whatever is written where a date belongs: a moment in UTC, or one problem that says what to write."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bundles.fields import REFUSED, Reading
from app.bundles.folder import BundleFiles, Folder
from app.bundles.moments import moment
from app.bundles.problems import BundleRefused
from app.bundles.yaml_source import read_yaml
from tests.fuzzing import few, within_bounds

ZONES = ["UTC", "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Africa/Monrovia"]
PIECES = st.sampled_from(
    [*"0123456789-/:. T+Z年月日時", "2026", "02", "-02-30", "24:00:00", "UTC", "JST", "+09:00", "ー", "９"]
)


def read(text, *, zone, ends_day):
    try:
        document = read_yaml(f"start_date: {text}\n".encode(), file="c.yaml")
    except BundleRefused:
        return None
    reading = Reading(document, Folder(BundleFiles(Path(), ())), ZoneInfo(zone), zone)
    value = document.data.get("start_date")
    if value is None or value is REFUSED:
        return None
    with within_bounds():
        found = moment(ends_day=ends_day)(reading, ("start_date",), value)
    if found is REFUSED:
        assert document.problems
        assert all(problem.text() and problem.advice() and problem.line == 1 for problem in document.problems)
        return None
    assert found.tzinfo is UTC
    return found


@few(100)
@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(ZONES), st.booleans())
def test_any_signs_of_dates_give_a_moment_or_a_problem(text, zone, ends_day):
    read(text, zone=zone, ends_day=ends_day)
    read(f'"{text}"', zone=zone, ends_day=ends_day)


@few(100)
@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2998, 12, 31)),  # noqa: DTZ001 - the zone comes from the bundle
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S"]),
    st.sampled_from(["", "Z", "+09:00", "-0330", "+5", " UTC"]),
)
def test_every_form_of_a_moment_means_the_same(found, form, zone):
    written = found.replace(microsecond=0).strftime(form).replace(f"{found.year}", f"{found.year:04d}", 1) + zone
    offsets = {"+09:00": 9, "-0330": -3.5, "+5": 5}

    read_as = read(f'"{written}"', zone="UTC", ends_day=False)

    shift = (found.replace(microsecond=0, tzinfo=UTC) - read_as).total_seconds() / 3600
    assert shift == pytest.approx(offsets.get(zone, 0))
