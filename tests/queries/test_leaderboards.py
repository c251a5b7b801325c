"""The board in SQL is the board of the rules, whatever the scores, ties and gaps."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from app import clock as app_clock
from app.extensions import db
from app.models.leaderboards import BoardVersion
from app.queries import leaderboards, places
from app.queries import submissions as submission_queries
from app.queries.board_rows import View
from app.rules.ranking import Candidate, latest, oriented, rank
from app.rules.states import SubmissionStatus
from tests.factories import make_account, make_board, make_challenge, make_scored, make_submission, make_team
from tests.fuzzing import few

pytestmark = pytest.mark.usefixtures("site")

SCORES = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 0.5, 0.1 + 0.2, 0.3, 1e-300, -1e300, 1.0, 3]),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
)
HISTORY = st.lists(st.tuples(st.integers(0, 4), SCORES, SCORES, st.integers(0, 3), st.booleans()), max_size=12)


@few(25, HealthCheck.function_scoped_fixture)
@given(history=HISTORY, descending=st.booleans(), by_latest=st.booleans(), order_by=st.sampled_from(["AUC", "F1"]))
def test_the_order_in_sql_is_the_order_of_the_rules(history, descending, by_latest, order_by):
    challenge = make_challenge(descending={"AUC": descending, "F1": not descending}, by_latest=by_latest)
    phase, split = challenge.phases[0], challenge.phases[0].splits[0]
    teams, now = [make_team(challenge) for _ in range(5)], app_clock.now()
    candidates = []
    for team, first, second, minutes, shown in history:
        scores = {label: value for label, value in (("AUC", first), ("F1", second)) if value is not None}
        made = make_scored(
            phase,
            teams[team],
            {"test_split": scores},
            submitted_at=now + timedelta(minutes=minutes),
            on_board=shown,
        )
        if shown:
            candidates.append(Candidate(teams[team].id, made.id, made.submitted_at, scores.get(order_by)))

    board = leaderboards.board(split, order_by=order_by, own_team_id=None)

    expected = rank(latest(candidates) if by_latest else candidates, descending=bool(split.descending[order_by]))
    assert [(row.rank, row.team_id) for row in board.rows] == [(it.rank, it.candidate.team_id) for it in expected]
    assert [row.scores[order_by] for row in board.rows] == [it.candidate.score for it in expected]
    assert {row.team_id: row.entries for row in board.rows} == {
        it.candidate.team_id: sum(c.team_id == it.candidate.team_id for c in candidates) for it in expected
    }
    assert board.teams == len(expected)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "PAGE", 2)
        own = [leaderboards.own_place(split, order_by=order_by, view=View(own_team_id=team.id)) for team in teams]
    found = {it.row.team_id: (it.row.rank, it.page) for it in own if it is not None}
    assert found == {it.candidate.team_id: (it.rank, number // 2 + 1) for number, it in enumerate(expected)}


MARKED = st.lists(st.tuples(st.integers(0, 3), SCORES, st.booleans(), st.booleans()), max_size=10)


@few(15, HealthCheck.function_scoped_fixture)
@given(history=MARKED, descending=st.booleans(), by_latest=st.booleans(), order_by=st.sampled_from(["AUC", "F1"]))
def test_what_is_flagged_late_or_a_baseline_never_takes_a_rank(history, descending, by_latest, order_by):
    challenge = make_challenge(descending=descending, by_latest=by_latest)
    phase, split = challenge.phases[0], challenge.phases[0].splits[0]
    teams = [make_team(challenge) for _ in range(3)] + [make_team(challenge, is_host_team=True)]
    candidates, baselines = [], []
    for team, score, is_flagged, is_late in history:
        scores = {} if score is None else {"AUC": score, "F1": score}
        flag = "copied" if is_flagged else ""
        marks = {"flag_reason": flag, "is_late": is_late, "is_baseline": team == 3}
        made = make_scored(phase, teams[team], {"test_split": scores}, **marks)
        if not (is_flagged or is_late):
            kept = baselines if team == 3 else candidates
            kept.append(Candidate(teams[team].id, made.id, made.submitted_at, score))

    board = leaderboards.board(split, order_by=order_by, own_team_id=None)

    expected = rank(latest(candidates) if by_latest else candidates, descending=descending)
    ranked = [(row.rank, row.team_id) for row in board.rows if not row.is_baseline]
    assert ranked == [(it.rank, it.candidate.team_id) for it in expected]
    every = sorted(
        [*(it.candidate for it in expected), *baselines], key=lambda it: _by_score(it, descending=descending)
    )
    assert [row.scores[order_by] for row in board.rows] == [it.score for it in every]
    assert board.teams == len(expected)


def _by_score(candidate, *, descending):
    score = oriented(candidate.score, descending=descending)
    return (score is None, -(score or 0), candidate.submitted_at, candidate.submission_id)


def test_an_unknown_metric_orders_by_the_default():
    challenge = make_challenge()

    assert leaderboards.board(challenge.phases[0].splits[0], order_by="' or 1=1", own_team_id=None).order_by == "AUC"


def test_the_own_row_is_marked():
    challenge = make_challenge()
    phase, mine = challenge.phases[0], make_team(challenge)
    make_scored(phase, mine, {"AUC": 0.5})
    make_scored(phase, make_team(challenge), {"AUC": 0.9})

    board = leaderboards.board(phase.splits[0], own_team_id=mine.id)

    assert [row.is_own for row in board.rows] == [False, True]
    assert board.own.rank == 2


def test_on_an_owners_board_the_own_row_is_found_however_far_down_and_nothing_else(monkeypatch):
    monkeypatch.setattr(places, "PAGE", 2)
    challenge = make_challenge(visibility=2)
    phase = challenge.phases[0]
    teams = [make_team(challenge) for _ in range(5)]
    for number, team in enumerate(teams):
        make_scored(phase, team, {"AUC": 1 - number / 10, "F1": 1 - number / 10})

    for order_by in ("AUC", "F1"):
        board = leaderboards.board(phase.splits[0], order_by=order_by, own_team_id=teams[4].id, only_own=True)

        assert [(row.rank, row.team_id) for row in board.rows] == [(5, teams[4].id)]
        assert (board.teams, board.page, board.pages) == (1, 1, 1)


def test_ranks_go_on_over_pages(monkeypatch):
    monkeypatch.setattr(places, "PAGE", 2)
    challenge = make_challenge()
    phase = challenge.phases[0]
    for value in (0.9, 0.8, 0.8, 0.7, 0.6):
        make_scored(phase, make_team(challenge), {"AUC": value, "F1": value})

    for order_by in ("AUC", "F1"):
        pages = [
            leaderboards.board(phase.splits[0], order_by=order_by, own_team_id=None, page=page) for page in (1, 2, 3, 4)
        ]
        assert [[row.rank for row in page.rows] for page in pages] == [[1, 2], [2, 4], [5], []]
        assert pages[0].pages == 3


def test_what_is_cancelled_failed_waiting_off_the_board_or_the_hosts_never_ranks():
    challenge = make_challenge()
    phase = challenge.phases[0]
    for status in SubmissionStatus:
        if status is not SubmissionStatus.FINISHED:
            make_submission(phase, make_team(challenge), status=status)
    make_scored(phase, make_team(challenge), {"AUC": 0.9}, on_board=False)
    make_scored(phase, make_team(challenge, is_host_team=True), {"AUC": 0.9})

    for order_by in ("AUC", "F1"):
        assert leaderboards.board(phase.splits[0], order_by=order_by, own_team_id=None).rows == ()


def test_members_are_named_in_the_order_they_joined_and_their_addresses_are_not():
    challenge = make_challenge()
    team = make_team(challenge, make_account("Bob"), make_account("Carol"))
    make_scored(challenge.phases[0], team, {"AUC": 0.5})

    row = leaderboards.board(challenge.phases[0].splits[0], own_team_id=None).rows[0]

    assert row.members == ("Bob", "Carol")
    assert "@" not in repr(row)


def test_boards_of_two_splits_of_a_phase_do_not_mix():
    challenge = make_challenge()
    phase = challenge.phases[0]
    private = make_board(phase, split="private", visibility=1)
    make_scored(phase, make_team(challenge), {"test_split": {"AUC": 0.1}, "private": {"AUC": 0.2}})

    rows = [leaderboards.board(split, own_team_id=None).rows for split in (phase.splits[0], private)]

    assert [row[0].scores["AUC"] for row in rows] == [0.1, 0.2]


def test_a_board_is_open_to_the_watcher_only_where_everybody_sees_it():
    challenge = make_challenge()
    phase = challenge.phases[0]
    private = make_board(phase, split="private", visibility=1)

    known = [db.session.get(BoardVersion, it.id) for it in (phase.splits[0], private)]
    assert [(it.version, it.is_open) for it in known] == [(1, True), (1, False)]


def test_counts_of_waiting_and_running_are_of_now():
    challenge = make_challenge()
    make_submission(challenge.phases[0], make_team(challenge))
    make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.1})

    assert submission_queries.counts_by_status() == {"queued": 1}
