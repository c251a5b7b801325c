"""Boards of past moments: what they showed then, whatever became of the submissions since."""

from dataclasses import replace

import pytest

from app.extensions import db, writing
from app.queries import leaderboards, places
from app.queries.board_rows import View
from app.rules.permissions import Standpoint
from app.services import board_settings, deletions, outcomes, rebuilding, reruns, runs
from tests.factories import make_challenge, make_scored, make_team, scored

pytestmark = pytest.mark.usefixtures("site")


def then(split, at):
    db.session.expire_all()
    return [
        (row.rank, row.team, row.scores["AUC"], row.scores["F1"], row.is_gone)
        for row in leaderboards.board_at(split, at, view=View()).rows
    ]


def evaluated_again(made, scores, *, by, now):
    reruns.rerun(made.phase.challenge, [made.id], by=by, reason="The script was mended.", now=now)
    _, attempt = runs.claim_next(worker="w", now=now)
    outcomes.record(made.id, attempt=attempt, outcome=scored({"test_split": scores}), now=now)


def test_a_past_board_shows_the_scores_of_then_though_a_submission_was_evaluated_again_since(hana, phase, split, clock):
    made = make_scored(phase, make_team(phase.challenge, name="Ones"), {"AUC": 0.5, "F1": 0.1})
    make_scored(phase, make_team(phase.challenge, name="Twos"), {"AUC": 0.6, "F1": 0.2})
    before = clock.advance(hours=1)
    clock.advance(hours=1)

    evaluated_again(made, {"AUC": 0.9, "F1": 0.8}, by=hana, now=clock.now())
    between = clock.advance(hours=1)
    clock.advance(hours=1)
    evaluated_again(made, {"AUC": 0.4, "F1": 0.3}, by=hana, now=clock.now())

    assert then(split, before) == [(1, "Twos", 0.6, 0.2, False), (2, "Ones", 0.5, 0.1, False)]
    assert then(split, between) == [(1, "Ones", 0.9, 0.8, False), (2, "Twos", 0.6, 0.2, False)]
    assert then(split, clock.now()) == [(1, "Twos", 0.6, 0.2, False), (2, "Ones", 0.4, 0.3, False)]


def test_a_past_board_keeps_the_place_of_what_was_deleted_since_and_none_of_its_scores(hana, phase, split, clock):
    ones = make_team(phase.challenge, name="Ones")
    made = make_scored(phase, ones, {"AUC": 0.9, "F1": 0.8}, method_name="boosting", is_verified=True)
    make_scored(phase, make_team(phase.challenge, name="Twos"), {"AUC": 0.6, "F1": 0.2})
    before = clock.advance(hours=1)
    clock.advance(hours=1)

    deletions.delete(made, person=Standpoint(is_host=True), by=hana, reason="personal data", now=clock.now())

    assert then(split, before) == [(1, "Ones", None, None, True), (2, "Twos", 0.6, 0.2, False)]
    assert then(split, clock.now()) == [(1, "Twos", 0.6, 0.2, False)]
    row = leaderboards.board_at(split, before, view=View()).rows[0]
    assert (row.method, row.seconds, row.is_verified, row.is_partial) == ("", None, False, False)


def test_where_lower_is_better_a_past_board_shows_the_scores_as_they_were_given(hana, clock):
    phase = make_challenge("Errors", host=hana, labels=("AUC", "F1"), descending=False).phases[0]
    made = make_scored(phase, make_team(phase.challenge, name="Ones"), {"AUC": 0.5, "F1": 0.1})
    before = clock.advance(hours=1)
    clock.advance(hours=1)

    evaluated_again(made, {"AUC": 0.9, "F1": 0.8}, by=hana, now=clock.now())

    assert then(phase.splits[0], before) == [(1, "Ones", 0.5, 0.1, False)]


def test_a_past_board_has_pages_with_ranks_that_go_on(monkeypatch, phase, split, clock):
    monkeypatch.setattr(places, "PAGE", 2)
    for score in (0.9, 0.8, 0.8, None, 0.1):
        make_scored(phase, make_team(phase.challenge), {} if score is None else {"AUC": score})
    clock.advance(hours=1)

    pages = [leaderboards.board_at(split, clock.now(), page=number, view=View()) for number in (1, 2, 3, 4)]

    assert [[row.rank for row in it.rows] for it in pages] == [[1, 2], [2, 4], [5], []]
    assert {(it.teams, it.pages) for it in pages} == {(5, 3)}


def test_on_a_frozen_board_a_mended_score_replaces_the_old_one_and_what_came_since_stays_away(
    hana, phase, split, clock
):
    made = make_scored(phase, make_team(phase.challenge, name="Ones"), {"AUC": 0.5, "F1": 0.1})
    frozen_at = clock.advance(hours=1)
    board_settings.change(split, replace(board_settings.current(split), freeze_at=frozen_at), by=hana, now=frozen_at)
    clock.advance(hours=1)
    make_scored(phase, made.team, {"AUC": 0.95, "F1": 0.9})

    evaluated_again(made, {"AUC": 0.7, "F1": 0.2}, by=hana, now=clock.now())

    assert [(row.team, row.scores["AUC"], row.entries) for row in leaderboards.board(split, own_team_id=None).rows] == [
        ("Ones", 0.7, 1)
    ]


@pytest.mark.parametrize("is_restricted", [False, True])
def test_a_frozen_board_keeps_a_team_that_shows_another_submission_since(hana, clock, is_restricted):
    phase = make_challenge("Cells", host=hana, is_restricted_to_select_one_submission=is_restricted).phases[0]
    split, team = phase.splits[0], make_team(phase.challenge, name="Ones")
    old = make_scored(phase, team, {"AUC": 0.5})
    frozen_at = clock.advance(hours=1)
    board_settings.change(split, replace(board_settings.current(split), freeze_at=frozen_at), by=hana, now=frozen_at)
    before = leaderboards.board(split, own_team_id=None)
    clock.advance(hours=1)

    new = make_scored(phase, team, {"AUC": 0.9})
    assert leaderboards.board(split, own_team_id=None) == before
    with writing() as session:
        rebuilding.rebuild(session, session.merge(split), now=clock.now())
    assert leaderboards.board(split, own_team_id=None).rows == before.rows

    board_settings.reveal(split, by=hana, now=clock.now())
    rows = leaderboards.board(split, own_team_id=None).rows
    assert [(row.scores["AUC"], row.entries) for row in rows] == [(0.9, 1 if is_restricted else 2)]
    assert (old.on_board, new.on_board) == (not is_restricted, True)
