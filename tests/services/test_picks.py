"""Final picks: who picks, how many, and what the final board makes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock as app_clock
from app.extensions import db, writing
from app.models.submissions import Submission
from app.queries import submissions as submission_queries
from app.rules.errors import Conflict, Invalid, NotAllowed
from app.rules.permissions import Standpoint
from app.services import board_settings, marks, picks, rebuilding, submissions
from tests.factories import make_board, make_challenge, make_host, make_scored, make_submission, make_team
from tests.services.test_submissions import released_together

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def challenge():
    return make_challenge(host=make_host("Hana"), final_picks=2)


@pytest.fixture
def final(phase):
    return make_board(phase, split="private", visibility=1)


@pytest.fixture
def team(challenge, final):
    return make_team(challenge)


def sent(phase, team, public, private, **changes):
    return make_scored(phase, team, {"test_split": {"AUC": public}, "private": {"AUC": private}}, **changes)


def pick(made, *, picked=True, person=None, now=None):
    person = person or Standpoint(team_id=made.team_id)
    picks.pick(made, picked=picked, person=person, now=now or app_clock.now())


def on_board(split, team):
    db.session.rollback()
    found = submission_queries.standing_of(split.id, team.id)
    return found and found.submission_id


def test_without_a_pick_the_best_on_the_public_board_counts_and_not_the_luckiest(phase, team, final):
    sent(phase, team, 0.5, 0.9)
    best = sent(phase, team, 0.8, 0.2)

    assert on_board(final, team) == best.id


def test_what_is_picked_counts_instead_and_taken_back_it_does_not(phase, team, final):
    first, best = sent(phase, team, 0.5, 0.9), sent(phase, team, 0.8, 0.2)

    pick(first)
    assert on_board(final, team) == first.id
    assert on_board(phase.splits[0], team) == best.id

    pick(first, picked=False)
    assert on_board(final, team) == best.id


def test_a_new_best_on_the_public_board_moves_the_final_one_in_the_same_breath(phase, team, final):
    sent(phase, team, 0.5, 0.9)
    better = sent(phase, team, 0.6, 0.3)

    assert on_board(final, team) == better.id


def test_a_pick_too_many_is_refused_with_the_names_of_the_others_and_drops_nobody(phase, team, final):
    made = [sent(phase, team, 0.5, 0.5) for _ in range(3)]
    pick(made[0])
    pick(made[1])

    with pytest.raises(Conflict, match="#1, #2, and at most 2 can count"):
        pick(made[2])

    assert on_board(final, team) == made[0].id


def test_who_takes_it_off_the_public_board_may_still_pick_it(phase, team, final):
    made = sent(phase, team, 0.5, 0.9)
    sent(phase, team, 0.8, 0.2)
    submissions.show_on_board(made, shown=False, person=Standpoint(team_id=team.id))

    pick(made)

    assert on_board(final, team) == made.id


def test_only_the_team_picks_only_while_the_phase_runs_and_only_what_has_a_score(challenge, phase, team, clock):
    made, waiting = sent(phase, team, 0.5, 0.5), make_submission(phase, team)

    for person in (Standpoint(team_id=make_team(challenge).id), Standpoint(is_host=True)):
        with pytest.raises(NotAllowed, match="Only the team"):
            pick(made, person=person)
    with pytest.raises(NotAllowed, match="with a score"):
        pick(waiting)
    with pytest.raises(NotAllowed, match="has ended"):
        pick(made, now=phase.end_at + timedelta(seconds=1))
    with writing():
        phase.final_picks = 0
    with pytest.raises(NotAllowed, match="no final picks"):
        pick(made)


def test_a_host_who_changes_the_number_changes_the_final_board_at_once(challenge, phase, team, final):
    lucky, best = sent(phase, team, 0.5, 0.9), sent(phase, team, 0.8, 0.2)
    by = challenge.hosts[0].account
    assert on_board(final, team) == best.id

    picks.set_most(phase, most=0, by=by, now=app_clock.now())
    assert on_board(final, team) == lucky.id
    picks.set_most(phase, most=1, by=by, now=app_clock.now())
    assert on_board(final, team) == best.id

    with pytest.raises(Invalid, match="zero, one or two"):
        picks.set_most(phase, most=3, by=by, now=app_clock.now())


@pytest.mark.race
def test_members_who_pick_at_one_moment_pick_no_more_than_count(app, phase, team):
    ids, team_id = [sent(phase, team, 0.5, 0.5).id for _ in range(5)], team.id
    db.session.remove()

    def act(number):
        made = db.session.get(Submission, ids[number])
        picks.pick(made, picked=True, person=Standpoint(team_id=team_id), now=app_clock.now())

    results = released_together(app, 5, act)

    assert sorted(type(it).__name__ for it in results) == ["Conflict"] * 3 + ["NoneType"] * 2
    assert sum(db.session.get(Submission, it).picked_at is not None for it in ids) == 2


def change(split, by, **changes):
    known = board_settings.current(split)
    board_settings.change(split, replace(known, **changes), by=by, now=app_clock.now())


def test_whatever_changes_the_public_board_changes_the_final_one_at_once(challenge, phase, team, final, clock):
    public, by = phase.splits[0], challenge.hosts[0].account
    first = sent(phase, team, 0.5, 0.9)
    frozen_at = clock.advance(hours=1)
    clock.advance(hours=1)
    best = sent(phase, team, 0.8, 0.2)
    assert on_board(final, team) == best.id

    change(public, by, freeze_at=frozen_at)
    assert on_board(final, team) == first.id
    board_settings.reveal(public, by=by, now=app_clock.now())
    assert on_board(final, team) == best.id


def test_a_board_named_as_the_final_of_another_ranks_what_was_picked_at_once_and_no_longer_when_it_is_not(
    challenge, phase, team, clock
):
    by, other = challenge.hosts[0].account, make_board(phase, split="other")
    lucky, best = (
        make_scored(phase, team, {"test_split": {"AUC": public}, "other": {"AUC": score}})
        for public, score in ((0.5, 0.9), (0.8, 0.2))
    )
    assert on_board(other, team) == lucky.id

    change(other, by, public_board_id=phase.splits[0].id)
    assert on_board(other, team) == best.id
    change(other, by, public_board_id=None)
    assert on_board(other, team) == lucky.id


def test_a_flag_on_the_best_of_the_public_board_moves_the_final_one_with_it(challenge, phase, team, final):
    # the final board is older than the public one, as a version may bring it later
    late = make_board(phase, split="late", labels=("AUC",))
    change(phase.splits[0], challenge.hosts[0].account, public_board_id=late.id)
    first, best = (
        make_scored(phase, team, {split: {"AUC": score} for split in ("test_split", "late", "private")})
        for score in (0.5, 0.8)
    )
    assert on_board(phase.splits[0], team) == best.id

    marks.mark(
        best, replace(marks.current(best), flag_reason="copied"), by=challenge.hosts[0].account, now=app_clock.now()
    )

    assert on_board(phase.splits[0], team) == first.id


def test_a_new_best_that_only_the_public_board_scored_moves_the_final_one_too(phase, team, final):
    sent(phase, team, 0.5, 0.9)
    best = sent(phase, team, 0.8, 0.2)
    assert on_board(final, team) == best.id

    make_scored(phase, team, {"test_split": {"AUC": 0.95}})

    with writing() as session:
        assert rebuilding.rebuild(session, session.merge(final), now=app_clock.now()) == []
