"""What hosts edit holds at once, is written down, and never loses what somebody else wrote."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.bundles.check import check
from app.extensions import db
from app.models.leaderboards import BoardVersion
from app.models.site import AuditEntry
from app.queries import submissions
from app.rules.editing import BoardEdit, ChallengeEdit, PhaseEdit, fingerprint
from app.rules.errors import Conflict, Invalid, NotAllowed
from app.services import editing, exports
from tests.bundles.builders import challenge_files, changed
from tests.factories import make_account, make_scored, make_team
from tests.services.test_versions import imported, updated

pytestmark = pytest.mark.usefixtures("site")


def form_over(row, kind, **changes):
    """Return an edit as a form sends it, and the fingerprint of what the form was filled with."""
    before = kind(**editing.current(row, kind))
    return replace(before, **changes), fingerprint(asdict(before))


def last_deed():
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def board_version(split):
    return db.session.get(BoardVersion, split.id).version


def edit_board(split, by, **changes):
    edit, seen = form_over(split, BoardEdit, **changes)
    editing.edit_board(split, edit, seen=seen, by=by, now=clock.now())


def test_what_changed_is_saved_and_written_down_with_before_and_after(challenge, hana):
    edit, seen = form_over(challenge, ChallengeEdit, title="Better", tags=["a"], max_team_members=3)

    editing.edit_challenge(challenge, edit, seen=seen, by=hana, now=clock.now())

    deed = last_deed()
    assert (challenge.title, challenge.tags, challenge.max_team_members) == ("Better", ["a"], 3)
    assert (deed.action, deed.subject, deed.account_id) == ("challenge.edited", "tumours", hana.id)
    assert deed.details == {
        "title": {"before": "Tumours", "after": "Better"},
        "tags": {"before": [], "after": ["a"]},
        "max_team_members": {"before": None, "after": 3},
    }


def test_saving_without_a_change_writes_nothing_down(challenge, hana):
    edit, seen = form_over(challenge, ChallengeEdit)
    before = last_deed()

    editing.edit_challenge(challenge, edit, seen=seen, by=hana, now=clock.now())

    assert last_deed() is before


def test_an_edit_over_what_somebody_else_changed_meanwhile_is_refused(challenge, hana):
    first, seen = form_over(challenge, ChallengeEdit, title="First")
    second = replace(first, title="Second")
    editing.edit_challenge(challenge, first, seen=seen, by=hana, now=clock.now())

    with pytest.raises(Conflict, match="Somebody changed this"):
        editing.edit_challenge(challenge, second, seen=seen, by=hana, now=clock.now())

    assert challenge.title == "First"


def test_nobody_edits_what_somebody_else_hosts(challenge):
    edit, seen = form_over(challenge, ChallengeEdit, title="Mine")

    with pytest.raises(NotAllowed):
        editing.edit_challenge(challenge, edit, seen=seen, by=make_account(), now=clock.now())


def test_an_end_before_its_start_is_refused_as_the_reader_refuses_it(challenge, hana):
    phase = challenge.phases[0]
    edit, seen = form_over(phase, PhaseEdit, end_at=phase.start_at - timedelta(seconds=1))

    with pytest.raises(Invalid, match="before the start") as refusal:
        editing.edit_phase(phase, edit, seen=seen, by=hana, now=clock.now())

    assert refusal.value.field == "end_at"


def test_submissions_that_are_all_public_and_one_that_is_selected_exclude_each_other(challenge, hana):
    phase = challenge.phases[0]
    choices = {"is_submission_public": True, "is_restricted_to_select_one_submission": True}
    edit, seen = form_over(phase, PhaseEdit, **choices)

    with pytest.raises(Invalid, match="Choose one of the two"):
        editing.edit_phase(phase, edit, seen=seen, by=hana, now=clock.now())


def test_hiding_a_phase_closes_its_boards_for_everybody_at_once(challenge, split, hana):
    make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5})
    before = board_version(split)
    edit, seen = form_over(challenge.phases[0], PhaseEdit, is_public=False)

    editing.edit_phase(challenge.phases[0], edit, seen=seen, by=hana, now=clock.now())

    version = db.session.get(BoardVersion, split.id)
    assert (version.version, version.is_open) == (before + 1, False)


def test_a_board_of_latest_submissions_is_ranked_anew(challenge, split, hana):
    team = make_team(challenge)
    make_scored(challenge.phases[0], team, {"AUC": 0.9, "F1": 0.1})
    worse = make_scored(
        challenge.phases[0], team, {"AUC": 0.2, "F1": 0.1}, submitted_at=clock.now() + timedelta(minutes=1)
    )
    before = board_version(split)

    edit_board(split, hana, by_latest=True)

    assert submissions.standing_of(split.id, team.id).submission_id == worse.id
    assert board_version(split) > before


def test_more_decimals_are_told_to_open_browsers(split, challenge, hana):
    make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5, "F1": 0.5})
    before = board_version(split)

    edit_board(split, hana, decimals=5)

    assert (split.decimals, board_version(split)) == (5, before + 1)


def test_of_a_long_page_the_audit_log_keeps_the_beginning_and_a_hash(challenge, hana):
    seen = fingerprint({"description": challenge.description})

    editing.edit_page(challenge, "description", "<p>" + "x" * 5_000, seen=seen, by=hana, now=clock.now())

    after = last_deed().details["description"]["after"]
    assert challenge.description.endswith("xxx")
    assert len(after) < 300
    assert "5003 characters" in after


def test_a_page_longer_than_what_is_shown_is_refused(challenge, hana):
    seen = fingerprint({"description": challenge.description})

    with pytest.raises(Invalid, match="the limit is 65536"):
        editing.edit_page(challenge, "description", "漢" * 22_000, seen=seen, by=hana, now=clock.now())


def test_an_export_after_an_edit_holds_the_edit_and_imports_again(hana, tmp_path):
    made = imported(challenge_files(), hana)
    edit, seen = form_over(made, ChallengeEdit, title="Lumps", tags=["x, y", "z"], max_team_members=4)
    editing.edit_challenge(made, edit, seen=seen, by=hana, now=clock.now())
    phase = made.phases[0]
    edit, seen = form_over(phase, PhaseEdit, name="First", max_submissions=7, allowed_email_ids=["a@example.com"])
    editing.edit_phase(phase, edit, seen=seen, by=hana, now=clock.now())
    edit_board(phase.splits[0], hana, decimals=2, by_latest=True, show_execution_time=True)
    seen = fingerprint({"description": phase.description})
    editing.edit_page(phase, "description", "<p>Other.</p>", seen=seen, by=hana, now=clock.now())

    exports.export_bundle(made, into=tmp_path / "out.zip")

    spec = check(tmp_path / "out.zip", work_dir=tmp_path, default_zone="UTC").spec
    (entry,), (joined,) = spec.challenge_phases, spec.challenge_phase_splits
    assert (spec.title, spec.tags, spec.max_team_members) == ("Lumps", ("x, y", "z"), 4)
    assert (entry.name, entry.max_submissions, entry.allowed_email_ids) == ("First", 7, ("a@example.com",))
    assert entry.description.html == "<p>Other.</p>"
    shown = (joined.leaderboard_decimal_precision, joined.show_leaderboard_by_latest_submission)
    assert (*shown, joined.show_execution_time) == (2, True, True)


def test_an_edit_makes_a_version_that_was_looked_at_before_it_out_of_date(hana):
    made = imported(challenge_files(), hana)
    edit, seen = form_over(made, ChallengeEdit, title="Edited meanwhile")

    with pytest.raises(Conflict, match="changed since you looked"):
        updated(
            made,
            challenge_files(changed("title: Tumour Challenge", "title: Lumps")),
            hana,
            between=lambda: editing.edit_challenge(made, edit, seen=seen, by=hana, now=clock.now()),
        )

    assert made.title == "Edited meanwhile"
