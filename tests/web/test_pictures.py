"""Pictures show what the board shows the same person, and answer nothing anew while it stays the same."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.extensions import writing
from app.rules.permissions import Standpoint
from app.rules.states import TeamStatus
from app.services import board_settings, submissions, team_boards
from tests.factories import make_account, make_board, make_scored, make_team


@pytest.fixture
def teams(phase, clock):
    made = [make_team(phase.challenge, make_account(name), name=f"Team of {name}") for name in ("Bob", "Carol")]
    for scores in ((0.5, 0.3), (0.9, 0.6)):
        clock.advance(hours=20)
        for team, score in zip(made, scores, strict=True):
            make_scored(phase, team, {"AUC": score})
    return made


def drawn(browser, split, **options):
    return browser.get("pictures.drawn", phase_split_id=split.id, **options)


def test_the_page_draws_lines_days_and_the_spread_with_a_table_behind_each(pages, phase, teams):
    carol = pages.signed_in(teams[1].members[0].account)

    text = carol.get("pictures.show", slug="tumours").text

    for canvas in ("wide", "narrow"):
        assert text.count(f'class="chart {canvas}"') == 3
    assert text.count("<table>") == 3
    assert text.count("<polyline") == 2 * 2
    assert 'class="bar own"' in text
    assert text.index("Team of Bob") < text.index("Team of Carol")


def test_an_unchanged_picture_is_304_and_a_frozen_one_stays_so(pages, hana, phase, teams, clock):
    split = phase.splits[0]
    with writing() as session:
        session.merge(split).freeze_at = clock.advance(hours=1)
    tag = {"If-None-Match": drawn(pages, split).headers["ETag"]}
    clock.advance(hours=1)

    make_scored(phase, teams[1], {"AUC": 0.987654})

    assert drawn(pages, split, headers=tag).status_code == 304
    assert drawn(pages, split).text.count("0.9877") == 0
    board_settings.reveal(split, by=hana, now=clock.now())
    assert drawn(pages, split, headers=tag).status_code == 200


def test_who_sees_only_the_own_row_sees_only_the_own_line(pages, phase, teams):
    own = make_board(phase, split="own", visibility=2)
    for team, score in zip(teams, (0.4, 0.6), strict=True):
        make_scored(phase, team, {"own": {"AUC": score}})
    bob = pages.signed_in(teams[0].members[0].account)

    text = drawn(bob, own).text

    assert "Team of Bob" in text
    assert "Carol" not in text
    assert "Distribution of scores" not in text
    assert '<td class="num">1</td>' in text
    assert '<td class="num">2</td>' not in text


def test_anonymous_teams_have_numbers_in_pictures_too(pages, hana, phase, teams, clock):
    board_settings.set_anonymous(phase.challenge, is_anonymous=True, by=hana, now=clock.now())

    text = drawn(pages, phase.splits[0]).text

    assert f"Team {teams[0].alias}" in text
    assert "Bob" not in text


def test_a_board_without_scores_says_so(pages, phase):
    assert "Nothing to draw yet" in pages.get("pictures.show", slug="tumours").text


def days(text):
    return re.findall(r'<th scope="row">([^<]+)</th><td class="num">(\d+)</td>', text)


def test_submissions_are_counted_by_the_days_of_the_readers_zone_and_follow_what_counts(pages, phase, clock):
    split, team, other = phase.splits[0], make_team(phase.challenge), make_team(phase.challenge)
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    made = [
        make_scored(phase, who, {"AUC": score}, submitted_at=midnight + timedelta(hours=hours))
        for who, score, hours in ((team, 0.5, 1), (team, 0.6, 20), (other, 0.7, 18.2), (other, 0.4, 19))
    ]

    assert days(drawn(pages, split, tz="UTC").text) == [("20 Nov 2026", "4")]
    # half past six in the evening is midnight there
    assert days(drawn(pages, split, tz="Asia/Kolkata").text) == [("20 Nov 2026", "2"), ("21 Nov 2026", "2")]

    submissions.show_on_board(made[1], shown=False, person=Standpoint(is_host=True))
    assert days(drawn(pages, split, tz="UTC").text) == [("20 Nov 2026", "3")]
    with writing() as session:
        session.merge(other).status = TeamStatus.BANNED
        team_boards.recount(session, session.merge(other))
    assert days(drawn(pages, split, tz="UTC").text) == [("20 Nov 2026", "1")]
