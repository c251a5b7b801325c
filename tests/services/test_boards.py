"""A standing is always what a recomputation from all entries would give, and every change raises the board's version."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from app import clock as app_clock
from app.extensions import db, writing
from app.models.challenges import PhaseSplit
from app.models.leaderboards import BoardQuarter, BoardVersion, Standing
from app.models.submissions import Submission
from app.queries import leaderboards
from app.queries import submissions as submission_queries
from app.rules.permissions import Standpoint
from app.services import boards, marks, rebuilding, submissions
from tests.factories import make_board, make_challenge, make_scored, make_submission, make_team
from tests.fuzzing import few

pytestmark = pytest.mark.usefixtures("site")

HOST = Standpoint(is_host=True)


def standing(split, team):
    return submission_queries.standing_of(split.id, team.id)


def version(split):
    db.session.expire_all()
    return db.session.get(BoardVersion, split.id)


def test_the_best_counts_and_among_equals_the_earlier():
    challenge = make_challenge()
    phase, team = challenge.phases[0], make_team(challenge)
    now = app_clock.now()
    make_scored(phase, team, {"AUC": 0.7}, submitted_at=now - timedelta(hours=3))
    first = make_scored(phase, team, {"AUC": 0.9}, submitted_at=now - timedelta(hours=2))
    make_scored(phase, team, {"AUC": 0.9}, submitted_at=now - timedelta(hours=1))

    found = standing(phase.splits[0], team)

    assert (found.submission_id, found.score, found.entries) == (first.id, 0.9, 3)
    assert (found.best_at, found.last_at) == (now - timedelta(hours=2), now - timedelta(hours=1))


def test_where_lower_is_better_the_lowest_counts():
    challenge = make_challenge(labels=("RMSE",), descending=False)
    phase, team = challenge.phases[0], make_team(challenge)
    for value in (0.5, 0.2, 0.9):
        make_scored(phase, team, {"RMSE": value})

    assert standing(phase.splits[0], team).score == -0.2


@pytest.mark.parametrize("descending", [True, False])
def test_a_missing_score_is_worse_than_any(descending):
    challenge = make_challenge(descending=descending)
    phase, team = challenge.phases[0], make_team(challenge)
    make_scored(phase, team, {"F1": 1.0})
    assert standing(phase.splits[0], team).score is None

    worst = make_scored(phase, team, {"AUC": -1e300 if descending else 1e300})

    assert standing(phase.splits[0], team).submission_id == worst.id


def test_where_the_latest_counts_a_worse_one_replaces_the_best_and_all_entries_are_counted():
    challenge = make_challenge(by_latest=True)
    phase, team = challenge.phases[0], make_team(challenge)
    now = app_clock.now()
    make_scored(phase, team, {"AUC": 0.9, "F1": 0.9}, submitted_at=now - timedelta(hours=2))
    latest = make_scored(phase, team, {"AUC": 0.4, "F1": 0.4}, submitted_at=now - timedelta(hours=1))
    make_submission(phase, team, submitted_at=now)

    found = standing(phase.splits[0], team)
    by_other = leaderboards.board(phase.splits[0], order_by="F1", own_team_id=None).rows[0]

    assert (found.submission_id, found.score, found.entries) == (latest.id, 0.4, 2)
    assert (by_other.scores["F1"], by_other.entries) == (0.4, 2)


def test_taking_the_only_submission_off_takes_the_team_off_everybodys_board_but_not_off_the_hosts():
    challenge = make_challenge()
    phase, team = challenge.phases[0], make_team(challenge)
    hosts_own = make_board(phase, split="private", visibility=1)
    made = make_scored(phase, team, {"test_split": {"AUC": 0.9}, "private": {"AUC": 0.1}})
    before = version(phase.splits[0]).version

    submissions.show_on_board(made, shown=False, person=HOST)

    assert standing(phase.splits[0], team) is None
    assert standing(hosts_own, team).score == 0.1
    assert version(phase.splits[0]).version == before + 1


@pytest.mark.parametrize(
    ("visibility", "is_public", "is_approved", "is_published", "expected"),
    [
        (3, True, True, True, True),
        (2, True, True, True, False),
        (1, True, True, True, False),
        (3, False, True, True, False),
        (3, True, False, True, False),
        (3, True, True, False, False),
    ],
)
def test_a_board_is_open_only_when_everybody_may_read_it(visibility, is_public, is_approved, is_published, expected):
    challenge = make_challenge(
        visibility=visibility, is_public=is_public, is_approved=is_approved, is_published=is_published
    )

    assert version(challenge.phases[0].splits[0]).is_open is expected


def recomputed(split):
    """All standings of a board, made anew from nothing."""
    with writing() as session:
        for model in (Standing, BoardQuarter):
            session.execute(delete(model).where(model.phase_split_id == split.id))
        for team_id in session.scalars(select(Submission.team_id).distinct()).all():
            boards.refresh_standing(session, session.get(PhaseSplit, split.id), team_id)
    return facts(split)


def facts(split):
    db.session.expire_all()
    found = db.session.scalars(select(Standing).where(Standing.phase_split_id == split.id))
    kept = {
        it.team_id: (it.submission_id, it.score, it.best_at, it.entries, it.last_at, it.trail, it.quarters)
        for it in found
    }
    return kept | {"sent when": sent_when(split)}


def sent_when(split):
    """How many submissions that count were sent in each quarter of an hour."""
    found = db.session.scalars(select(BoardQuarter).where(BoardQuarter.phase_split_id == split.id))
    return {it.quarter: it.count for it in found if it.count}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("score"), st.integers(0, 3), st.sampled_from([None, 0.1, 0.5, 0.9])),
        st.tuples(st.just("toggle"), st.integers(0, 20), st.booleans()),
        st.tuples(st.just("baseline"), st.integers(0, 20), st.booleans()),
        st.tuples(st.just("fail"), st.integers(0, 3), st.none()),
    ),
    max_size=10,
)


@few(20, HealthCheck.function_scoped_fixture)
@given(steps=STEPS, descending=st.booleans(), by_latest=st.booleans(), visibility=st.sampled_from([1, 2, 3]))
def test_after_any_history_the_standings_are_those_of_a_recomputation(steps, descending, by_latest, visibility):
    challenge = make_challenge(descending=descending, by_latest=by_latest, visibility=visibility)
    phase, split = challenge.phases[0], challenge.phases[0].splits[0]
    teams = [make_team(challenge) for _ in range(3)] + [make_team(challenge, is_host_team=True)]
    made = []
    for step, number, value in steps:
        if step == "score":
            sent_at = app_clock.now() + timedelta(minutes=7 * len(made))
            scores = {"test_split": {} if value is None else {"AUC": value}}
            made.append(make_scored(phase, teams[number], scores, submitted_at=sent_at))
        elif step == "fail":
            make_submission(phase, teams[number])
        elif made:
            chosen = made[number % len(made)]
            if step == "toggle":
                submissions.show_on_board(chosen, shown=value, person=HOST)
            elif chosen.team.is_host_team:
                marks.set_baseline(chosen, is_baseline=value, by=chosen.account, now=app_clock.now())

    kept = facts(split)

    assert version(split).teams == len(kept) - 1
    assert sum(kept["sent when"].values()) == sum(it[3] for team, it in kept.items() if team != "sent when")
    with writing() as session:
        assert rebuilding.rebuild(session, session.get(PhaseSplit, split.id), now=app_clock.now()) == []
    assert kept == facts(split) == recomputed(split)


def test_boards_of_before_an_update_are_computed_anew_once():
    challenge = make_challenge()
    split = challenge.phases[0].splits[0]
    make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5})
    right = facts(split)
    # as an update leaves what was there
    with writing() as session:
        session.execute(delete(BoardQuarter))
        session.execute(update(Standing).values(quarters=[]))
        session.execute(update(BoardVersion).values(rules=0))

    assert [rebuilding.bring_up_to_date(now=app_clock.now()) for _ in range(2)] == [1, 0]
    assert facts(split) == right
