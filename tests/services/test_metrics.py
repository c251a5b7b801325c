"""Metrics that hosts edit: the words hold at once, the order changes with a yes, and exports say what holds."""

from dataclasses import asdict, replace

import pytest
from sqlalchemy import select

from app import clock
from app.bundles.check import check
from app.extensions import db
from app.models.leaderboards import BoardVersion, Standing
from app.models.site import AuditEntry
from app.queries.current import current_spec
from app.rules.editing import fingerprint
from app.rules.errors import Conflict, Invalid, NotAllowed
from app.services import exports, metrics, versions
from tests.bundles.builders import challenge_files, changed
from tests.factories import make_account, make_admin, make_scored, make_team
from tests.services.test_versions import OTHER_SCRIPT, imported, updated

pytestmark = pytest.mark.usefixtures("site")

SCHEMA = '"default_order_by": "AUC"'


@pytest.fixture
def challenge(hana):
    return imported(challenge_files(), hana)


def board_of(challenge):
    db.session.rollback()
    return challenge.phases[0].splits[0]


def edit(challenge, by, *, agreed=False, seen=None, descending=None, descriptions=None, **changes):
    board = board_of(challenge)
    before = metrics.current(board.leaderboard, [board])
    wanted = replace(
        before,
        descending=before.descending | (descending or {}),
        descriptions=before.descriptions | (descriptions or {}),
        **changes,
    )
    seen = seen or fingerprint(asdict(before))
    return metrics.edit(challenge, board.leaderboard, wanted, seen=seen, agreed=agreed, by=by, now=clock.now())


def ranking(board):
    rows = select(Standing).where(Standing.phase_split_id == board.id).order_by(Standing.score.desc())
    return [it.team_id for it in db.session.scalars(rows)]


def exported(challenge, folder):
    exports.export_bundle(challenge, into=folder / "out.zip")
    checked = check(folder / "out.zip", work_dir=folder, default_zone="UTC")
    assert checked.ok
    return checked.spec


def last_deed():
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def test_a_description_holds_at_once_and_no_rank_moves(challenge, hana):
    before = db.session.get(BoardVersion, board_of(challenge).id).version

    assert not edit(challenge, hana, descriptions={"F1": "Log loss, the natural one"})

    board = board_of(challenge)
    assert board.leaderboard.metrics["F1"]["description"] == "Log loss, the natural one"
    assert db.session.get(BoardVersion, board.id).version == before + 1
    assert last_deed().details == {"F1: description": {"before": "", "after": "Log loss, the natural one"}}


def test_another_direction_asks_for_a_yes_and_turns_the_board_round_at_once(challenge, hana):
    phase = challenge.phases[0]
    low, high = [make_scored(phase, make_team(challenge), {"AUC": score}).team_id for score in (0.2, 0.8)]
    assert ranking(board_of(challenge)) == [high, low]

    with pytest.raises(Invalid, match="get a new rank: 2\\.") as refusal:
        edit(challenge, hana, descending={"AUC": False})
    assert refusal.value.field == "agreed"
    assert ranking(board_of(challenge)) == [high, low]

    assert edit(challenge, hana, descending={"AUC": False}, agreed=True)
    assert ranking(board_of(challenge)) == [low, high]
    deed = last_deed()
    assert (deed.action, deed.details) == (
        "metrics.edited",
        {"AUC: higher is better": {"before": True, "after": False}},
    )


def test_another_metric_ranks(challenge, hana):
    phase = challenge.phases[0]
    first, second = [
        make_scored(phase, make_team(challenge), {"AUC": auc, "F1": loss}).team_id
        for auc, loss in ((0.9, 0.3), (0.8, 0.1))
    ]

    edit(challenge, hana, default_order_by="F1", descending={"F1": False}, agreed=True)

    assert ranking(board_of(challenge)) == [second, first]


@pytest.mark.parametrize("ranks_by", ["AUC", "F1"])
@pytest.mark.parametrize("auc", [True, False])
@pytest.mark.parametrize("loss", [True, False])
@pytest.mark.parametrize("said", ["sort_ascending: True", "sort_ascending: False", "description: Area"])
def test_whatever_is_chosen_an_export_of_it_imports_as_the_same(hana, tmp_path, ranks_by, auc, loss, said):
    config = changed(SCHEMA, f'{SCHEMA}, "metadata": {{AUC: {{{said}}}}}')
    challenge = imported(challenge_files(config), hana)

    edit(challenge, hana, default_order_by=ranks_by, descending={"AUC": auc, "F1": loss}, descriptions={"AUC": "New"})

    spec = exported(challenge, tmp_path)
    (board,), (joined,) = spec.leaderboard, spec.challenge_phase_splits
    assert board.default_order_by == ranks_by
    assert {it: spec.descending_for(joined, it) for it in board.labels} == {"AUC": auc, "F1": loss}
    assert board.metadata["AUC"].description == "New"
    assert spec == current_spec(challenge)


def test_a_version_that_waits_decides_about_the_order_and_keeps_the_words(challenge, hana):
    other = challenge_files(script=OTHER_SCRIPT)
    live = challenge.version_id
    waiting = updated(challenge, other, hana)
    assert challenge.version_id == live

    with pytest.raises(Conflict, match="is waiting for approval and changes how"):
        edit(challenge, hana, descending={"AUC": False}, agreed=True)
    edit(challenge, hana, descriptions={"AUC": "Edited meanwhile"})
    versions.approve(waiting, by=make_admin(), now=clock.now())

    assert board_of(challenge).leaderboard.metrics["AUC"]["description"] == "Edited meanwhile"


def test_a_new_version_says_that_it_would_turn_the_edited_direction_back(challenge, hana):
    edit(challenge, hana, descending={"AUC": False}, agreed=True)

    made = updated(challenge, challenge_files(), hana)

    assert any(it["kind"] == "scoring" and it["new"] == {"phrase": "higher is better"} for it in made.changes)


def test_the_second_of_two_hosts_hears_of_the_first(challenge, hana):
    board = board_of(challenge)
    seen = fingerprint(asdict(metrics.current(board.leaderboard, [board])))
    edit(challenge, hana, descriptions={"AUC": "First"})

    with pytest.raises(Conflict, match="changed this after you opened"):
        edit(challenge, hana, descriptions={"AUC": "Second"}, seen=seen)


def test_nobody_edits_what_somebody_else_hosts(challenge):
    with pytest.raises(NotAllowed):
        edit(challenge, make_account("Mallory"), descriptions={"AUC": "Mine"})
