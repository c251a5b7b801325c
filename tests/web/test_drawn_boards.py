"""Rows that are kept between two answers never show somebody what is not theirs, nor what was."""

import re

import pytest

from app.extensions import writing
from app.models.teams import Team
from app.web import drawn_boards
from tests.factories import make_account, make_challenge, make_scored, make_team


@pytest.fixture
def board(site):
    """A board of two teams; returns the number of its split, the phase, the first team and its member."""
    challenge, person = make_challenge(), make_account("Aoi")
    phase, first, second = (
        challenge.phases[0],
        make_team(challenge, person, name="Ones"),
        make_team(challenge, name="Twos"),
    )
    make_scored(phase, first, {"AUC": 0.9})
    make_scored(phase, second, {"AUC": 0.5})
    return phase.splits[0].id, phase, first, person


def rows(pages, split_id):
    """Return the names of the teams and the name of the own one, None where nobody's row is marked."""
    html = pages.get("leaderboards.rows", phase_split_id=split_id).text
    own = re.search(r'class="own[^"]*">.*?class="name">([^<]+)<', html)
    return re.findall(r'class="name">([^<]+)<', html), own and own[1]


def test_each_person_sees_the_own_row_marked_and_a_visitor_none(pages, board):
    split_id, _, _, person = board

    seen = [rows(browser, split_id) for browser in (pages, pages.signed_in(person), pages)]

    assert seen == [(["Ones", "Twos"], None), (["Ones", "Twos"], "Ones"), (["Ones", "Twos"], None)]


def test_a_new_score_is_shown_at_once(pages, board):
    split_id, phase, _, _ = board
    rows(pages, split_id)

    make_scored(phase, make_team(phase.challenge, name="Threes"), {"AUC": 0.7})

    assert rows(pages, split_id)[0] == ["Ones", "Threes", "Twos"]


def test_a_changed_name_is_shown_once_the_rows_are_too_old(pages, board, monkeypatch):
    split_id, _, first, _ = board
    monkeypatch.setattr(drawn_boards, "KEPT_S", -1.0)
    rows(pages, split_id)

    with writing() as session:
        session.get_one(Team, first.id).name = "Primes"

    assert rows(pages, split_id)[0] == ["Primes", "Twos"]


def test_only_a_bounded_number_of_boards_is_kept():
    kept = drawn_boards.DrawnBoards()

    for number in range(drawn_boards.MOST + 5):
        kept.get((number,), lambda: drawn_boards.Drawn(None, "", float("inf")))

    assert len(kept._kept) == drawn_boards.MOST
