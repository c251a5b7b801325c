"""Freezing, hiding and revealing: what a board shows is what the host decided, and nothing of the rest gets out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db, writing
from app.models.leaderboards import BoardVersion, Standing
from app.models.site import AuditEntry
from app.models.teams import Team
from app.queries import leaderboards
from app.queries.board_rows import View
from app.rules.errors import Conflict, Invalid
from app.rules.permissions import Standpoint
from app.services import board_settings, marks, rebuilding, standings, submissions
from app.services.board_settings import BoardSettings
from tests.factories import make_board, make_challenge, make_scored, make_team

pytestmark = pytest.mark.usefixtures("site")


def settings(split, **changes):
    known = {name: getattr(split, name) for name in BoardSettings.__dataclass_fields__}
    return BoardSettings(**(known | changes))


def state(split):
    """All that a board says of itself without being drawn."""
    db.session.expire_all()
    known = db.session.get(BoardVersion, split.id)
    standings = db.session.scalars(select(Standing).where(Standing.phase_split_id == split.id).order_by("team_id"))
    return known.version, known.teams, [(it.team_id, it.score, it.entries, it.last_at) for it in standings]


def ranking(split):
    return [(row.rank, row.team, row.scores["AUC"]) for row in leaderboards.board(split, own_team_id=None).rows]


def test_a_frozen_board_stays_as_it_was_down_to_its_version_and_shows_everything_once_it_is_revealed(
    hana, phase, clock
):
    split, first = phase.splits[0], make_team(phase.challenge, name="Ones")
    make_scored(phase, first, {"AUC": 0.5})
    freeze_at = clock.advance(hours=1)
    board_settings.change(split, settings(split, freeze_at=freeze_at), by=hana, now=freeze_at)
    before = state(split)
    clock.advance(hours=1)

    make_scored(phase, first, {"AUC": 0.9})
    make_scored(phase, make_team(phase.challenge, name="Twos"), {"AUC": 0.7})

    assert state(split) == before
    board_settings.reveal(split, by=hana, now=clock.advance(hours=1))
    assert ranking(split) == [(1, "Ones", 0.9), (2, "Twos", 0.7)]


def test_a_host_can_look_at_a_frozen_board_without_the_freeze_ranked_by_the_same_rule(hana, phase, clock):
    split = phase.splits[0]
    teams = [make_team(phase.challenge, name=name) for name in ("Ones", "Twos", "Threes")]
    for team, scores in zip(teams, ({"AUC": 0.5}, {"AUC": 0.6}, {"F1": 0.5}), strict=True):
        make_scored(phase, team, scores)
    board_settings.change(split, settings(split, freeze_at=clock.advance(hours=1)), by=hana, now=clock.now())
    clock.advance(hours=1)
    make_scored(phase, teams[0], {"AUC": 0.9})
    make_scored(phase, make_team(phase.challenge, name="Fours"), {"AUC": 0.6})

    seen = leaderboards.board_of(split, standings.revealed(split, now=clock.now()), view=View()).rows

    assert [(row.rank, row.team, row.entries) for row in seen] == [
        (1, "Ones", 2),
        (2, "Twos", 1),
        (2, "Fours", 1),
        (4, "Threes", 1),
    ]
    assert ranking(split) == [(1, "Twos", 0.6), (2, "Ones", 0.5), (3, "Threes", None)]


@pytest.mark.parametrize("final_picks", [0, 1])
@pytest.mark.parametrize("kept", [{"visibility": 1}, {"visibility": 2}, {"freeze_at": timedelta(hours=1)}])
def test_what_a_host_sees_before_revealing_is_what_everybody_sees_after(hana, clock, final_picks, kept):
    phase = make_challenge("Cells", host=hana, final_picks=final_picks).phases[0]
    kept = {name: clock.now() + it if name == "freeze_at" else it for name, it in kept.items()}
    private = make_board(phase, split="private", **kept)
    for team in [make_team(phase.challenge, name=name) for name in ("Ones", "Twos")]:
        for public, score, shown in ((0.5, 0.9, True), (0.8, 0.2, True), (0.1, 0.95, False)):
            clock.advance(minutes=40)
            scores = {"test_split": {"AUC": public}, "private": {"AUC": score - len(team.name) / 100}}
            make_scored(phase, team, scores, on_board=shown)

    hosts = make_team(phase.challenge, name="Organisers", is_host_team=True)
    base = make_scored(phase, hosts, {"private": {"AUC": 0.5}})
    # scored before the freeze, as a baseline is
    with writing():
        base.completed_at = phase.start_at
    marks.set_baseline(base, is_baseline=True, by=hana, now=clock.now())

    promised = leaderboards.board_of(private, standings.revealed(private, now=clock.now()), view=View()).rows
    board_settings.reveal(private, by=hana, now=clock.now())

    shown = leaderboards.board(private, own_team_id=None).rows
    assert [(it.rank, it.team, it.scores, it.entries) for it in promised] == [
        (it.rank, it.team, it.scores, it.entries) for it in shown
    ]
    ranks_picks = final_picks and "visibility" in kept
    assert sorted(it.scores["AUC"] for it in promised) == pytest.approx(
        [0.16, 0.16, 0.5] if ranks_picks else [0.5, 0.86, 0.86]
    )


def test_a_freeze_in_the_past_takes_what_was_scored_since_off_again(hana, phase, clock):
    split, team = phase.splits[0], make_team(phase.challenge, name="Ones")
    make_scored(phase, team, {"AUC": 0.5})
    between = clock.advance(hours=1)
    clock.advance(hours=1)
    make_scored(phase, team, {"AUC": 0.9})

    board_settings.change(split, settings(split, freeze_at=between), by=hana, now=clock.now())

    assert ranking(split) == [(1, "Ones", 0.5)]


def test_a_revealed_board_ranks_what_was_put_on_it_and_says_nothing_of_before(hana, phase, clock):
    private = make_board(phase, split="private", visibility=1)
    team = make_team(phase.challenge, name="Ones")
    made = make_scored(phase, team, {"test_split": {"AUC": 0.5}, "private": {"AUC": 0.9}}, on_board=False)
    make_scored(phase, team, {"test_split": {"AUC": 0.6}, "private": {"AUC": 0.4}})
    assert ranking(private) == [(1, "Ones", 0.9)]
    clock.advance(hours=1)

    board_settings.reveal(private, by=hana, now=clock.now())

    assert ranking(private) == [(1, "Ones", 0.4)]
    assert (private.visibility, private.revealed_at, private.past_from) == (3, clock.now(), clock.now())
    deed = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "board.revealed")).one()
    assert (deed.account_id, deed.subject) == (hana.id, "tumours: dev, private")
    with pytest.raises(Conflict):
        board_settings.reveal(private, by=hana, now=clock.now())
    assert not made.on_board


def test_opening_a_hosts_board_to_everybody_counts_only_what_teams_put_on_it(hana, phase):
    private = make_board(phase, split="private", visibility=1)
    off = make_scored(phase, make_team(phase.challenge), {"private": {"AUC": 0.9}}, on_board=False)

    board_settings.change(private, settings(private, visibility=3), by=hana, now=off.submitted_at)

    assert ranking(private) == []
    assert db.session.get(BoardVersion, private.id).is_open


def test_a_share_outside_1_to_100_and_a_board_that_is_its_own_final_are_refused(hana, phase, clock):
    split = phase.splits[0]

    for change in ({"share_percent": 0}, {"share_percent": 101}, {"public_board_id": split.id}):
        with pytest.raises(Invalid):
            board_settings.change(split, settings(split, **change), by=hana, now=clock.now())


def test_the_board_of_a_past_moment_is_what_it_showed_then(phase, clock):
    split = phase.splits[0]
    teams = [make_team(phase.challenge, name=name) for name in ("Ones", "Twos")]
    moments = [clock.now()]
    made = []
    for team, score in ((teams[0], 0.5), (teams[1], 0.7), (teams[0], 0.9)):
        clock.advance(hours=1)
        made.append(make_scored(phase, team, {"AUC": score}))
        moments.append(clock.now())
    clock.advance(hours=1)
    submissions.show_on_board(made[1], shown=False, person=_host())
    moments.append(clock.now())

    seen = [
        [(row.rank, row.team, row.scores["AUC"]) for row in leaderboards.board_at(split, at, view=View()).rows]
        for at in moments
    ]

    assert seen == [
        [],
        [(1, "Ones", 0.5)],
        [(1, "Twos", 0.7), (2, "Ones", 0.5)],
        [(1, "Ones", 0.9), (2, "Twos", 0.7)],
        [(1, "Ones", 0.9)],
    ]


def _host():
    return Standpoint(is_host=True)


def test_several_baselines_stand_between_the_teams_without_taking_a_rank(hana, phase, clock):
    hosts = make_team(phase.challenge, name="Organisers", is_host_team=True)
    for score, name, method in ((0.6, "", "always yes"), (0.95, "Last year's winner", "boosting"), (0.1, "", "")):
        made = make_scored(phase, hosts, {"AUC": score}, baseline_name=name, method_name=method)
        marks.set_baseline(made, is_baseline=True, by=hana, now=clock.now())
    for score, name in ((0.9, "Ones"), (0.5, "Twos")):
        make_scored(phase, make_team(phase.challenge, name=name), {"AUC": score})

    assert ranking(phase.splits[0]) == [
        (None, "Last year's winner", 0.95),
        (1, "Ones", 0.9),
        (None, "always yes", 0.6),
        (2, "Twos", 0.5),
        (None, "Organisers", 0.1),
    ]
    assert leaderboards.board(phase.splits[0], own_team_id=None).teams == 2


def test_a_flagged_submission_does_not_count_and_the_next_best_does(phase):
    team = make_team(phase.challenge, name="Ones")
    make_scored(phase, team, {"AUC": 0.5})
    make_scored(phase, team, {"AUC": 0.9}, flag_reason="trained on the test data")

    assert ranking(phase.splits[0]) == [(1, "Ones", 0.5)]


def test_every_team_gets_a_number_of_its_own_and_keeps_it(hana, phase, clock):
    challenge = phase.challenge
    teams = [make_team(challenge) for _ in range(20)]
    board_settings.set_anonymous(challenge, is_anonymous=True, by=hana, now=clock.now())
    first = [team.alias for team in teams]
    late = make_team(challenge)
    make_scored(phase, late, {"AUC": 0.5})
    board_settings.set_anonymous(challenge, is_anonymous=False, by=hana, now=clock.now())
    board_settings.set_anonymous(challenge, is_anonymous=True, by=hana, now=clock.now())

    db.session.expire_all()
    numbers = [team.alias for team in db.session.scalars(select(Team).order_by(Team.id))]
    assert numbers == [*first, late.alias]
    assert len(set(numbers)) == 21
    # one in 21! that a draw is in order
    assert first != sorted(first)


def test_a_broken_standing_is_found_and_mended(phase, clock):
    split, team = phase.splits[0], make_team(phase.challenge)
    make_scored(phase, team, {"AUC": 0.5, "F1": 0.5})
    with writing() as session:
        session.get(Standing, (split.id, team.id)).score = 0.99

    found = rebuilding.repair(now=clock.now())
    again = rebuilding.repair(now=clock.now())

    assert [(it.team_id, it.kept["score"], it.computed["score"]) for it in found[split]] == [(team.id, 0.99, 0.5)]
    assert again[split] == []
