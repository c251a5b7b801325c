"""How values look on a page: scores, sizes, durations, times."""

from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from app.rules.errors import NotAllowed
from app.web import filters


@pytest.fixture
def english(app, site):
    with app.test_request_context("/?lang=en&tz=Asia/Tokyo"):
        yield app


@pytest.fixture
def japanese(app, site):
    with app.test_request_context("/?lang=ja&tz=Asia/Tokyo"):
        yield app


MOMENT = datetime(2026, 11, 23, 20, 31, tzinfo=UTC)


def test_a_moment_is_in_the_viewers_zone_with_the_zone_named(english):
    assert filters.when(MOMENT) == "24 Nov 2026, 05:31 JST"
    assert filters.day(MOMENT) == "24 Nov 2026"


def test_a_moment_in_japanese(japanese):
    assert filters.when(MOMENT) == "2026年11月24日 05:31 JST"
    assert filters.day(MOMENT) == "2026年11月24日"


def test_a_moment_for_machines():
    assert filters.iso(MOMENT) == "2026-11-23T20:31:00+00:00"


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(0.123456, 4, "0.1235"), (1, 2, "1.00"), (None, 4, "–"), (-0.5, 0, "-0"), (1e20, 1, "100000000000000000000.0")],
)
def test_a_score_has_the_boards_decimals(value, decimals, shown):
    assert filters.score(value, decimals) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (1_500_000, "1.4 MB"),
        (5 * 1024**4, "5 TB"),
        (1024**5, "1024 TB"),
    ],
)
def test_a_size_is_short(size, shown):
    assert filters.filesize(size) == shown.replace(" ", "\N{NO-BREAK SPACE}")


def test_a_name_that_a_template_misspells_fails_instead_of_vanishing(english):
    with pytest.raises(UndefinedError):
        english.jinja_env.from_string("{{ chalenge }}").render()


def test_a_sentence_of_the_domain_is_filled_in_after_it_is_translated(english, japanese):
    problem = NotAllowed("The phase %(phase)s is closed at the moment.", phase="100 %s")

    assert "100 %s" in filters.said(problem)


def test_a_static_file_carries_its_hash_in_its_address(english):
    address = filters.asset("js/live.js")

    assert address.startswith("/static/js/live.js?v=")
    assert len(address.split("=")[1]) == 12
