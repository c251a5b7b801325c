"""A new version of a challenge: what is live at once, what waits, what stays readable, and who was first."""

import contextlib
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app import clock as app_clock
from app.bundles.changes import fingerprint
from app.bundles.check import check
from app.extensions import db, store, writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.leaderboards import Standing
from app.models.submissions import Entry
from app.models.versions import BundleVersion
from app.queries import challenges, structure
from app.queries import versions as version_queries
from app.rules.errors import Conflict, Invalid, NotAllowed
from app.rules.states import SubmissionStatus, TeamStatus, VersionStatus
from app.services import bundles, runs, uploads, versions
from app.services import challenges as challenge_services
from tests.bundles.builders import CONFIG, MAIN, challenge_files, changed, zip_of
from tests.factories import make_account, make_admin, make_scored, make_submission, make_team
from tests.services.test_submissions import released_together

pytestmark = pytest.mark.usefixtures("site")

SECOND_PHASE = (
    CONFIG.replace(
        "dataset_splits:\n",
        """\
  - id: 2
    name: Final Phase
    description: templates/phase.html
    leaderboard_public: True
    is_public: True
    is_submission_public: True
    start_date: 2026-01-19 00:00:00
    end_date: 2099-04-25 23:59:59
    test_annotation_file: annotations/dev.csv
    codename: final
    max_submissions_per_day: 5
    max_submissions_per_month: 50
    max_submissions: 100
dataset_splits:
""",
    )
    + """\
  - challenge_phase_id: 2
    leaderboard_id: 1
    dataset_split_id: 1
    visibility: 3
    leaderboard_decimal_precision: 4
    is_leaderboard_order_descending: True
"""
)
OTHER_SCRIPT = {"__init__.py": "from .main import evaluate\n", "main.py": MAIN.replace("0.5", "0.7")}


@pytest.fixture
def ada():
    return make_admin()


@contextlib.contextmanager
def opened(files):
    content = zip_of(files)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        path.write_bytes(content)
        yield path, check(path, work_dir=Path(folder), default_zone="UTC")


def imported(files, by, *, approved=True):
    with opened(files) as (path, checked):
        made = bundles.import_bundle(checked, zip_path=path, file_name="x.zip", by=by, now=app_clock.now())
    if approved:
        challenge_services.approve_from_console(made, now=app_clock.now())
    return made


def updated(challenge, files, by, *, agreed=False, shown=None, between=lambda: None):
    """Upload, look at the changes and confirm them, as a host does; `between` happens in another tab."""
    incoming = store.incoming()
    incoming.write(zip_of(files))
    upload = uploads.keep(incoming, file_name="y.zip", by=by, challenge=challenge, now=app_clock.now())
    with opened(files) as (_path, checked):
        contents = version_queries.contents_of(checked.spec, checked.root, script=checked.script_folder)
        found = version_queries.changes(challenge, checked.spec, contents)
        shown = fingerprint(found) if shown is None else shown
        between()
        version = versions.confirm(upload, checked, shown=shown, agreed=agreed, by=by, now=app_clock.now())
    db.session.expire_all()
    return version


def shape(challenge):
    """What the rows say, without their own ids."""
    db.session.expire_all()
    return [
        {
            "phase": (phase.config_id, phase.codename, phase.name, phase.annotation_sha256),
            "limits": (phase.max_submissions, phase.end_at),
            "boards": [
                (it.dataset_split.codename, it.leaderboard.labels, it.leaderboard.default_order_by)
                for it in phase.splits
            ],
            "settings": [(it.visibility, it.decimals, it.descending) for it in phase.splits],
        }
        for phase in challenge.phases
    ]


# -- what is live when -------------------------------------------------------------------------------------------------


def test_texts_dates_and_limits_are_live_at_once_and_need_no_approval(hana):
    challenge = imported(challenge_files(), hana)
    config = changed("title: Tumour Challenge", "title: Lumps", changed("max_submissions: 100", "max_submissions: 7"))

    version = updated(challenge, challenge_files(config), hana)

    assert (challenge.title, challenge.phases[0].max_submissions) == ("Lumps", 7)
    assert (version.number, version.status, challenge.version_id) == (2, VersionStatus.APPROVED, version.id)
    assert challenge.slug == "tumour-challenge"


def test_another_script_waits_while_the_texts_beside_it_are_live(hana, ada):
    challenge = imported(challenge_files(), hana)
    first = challenge.version
    files = challenge_files(changed("title: Tumour Challenge", "title: Lumps"), script=OTHER_SCRIPT)

    version = updated(challenge, files, hana)

    assert challenge.title == "Lumps"
    assert (version.status, challenge.version_id) == (VersionStatus.WAITING, first.id)
    assert version_queries.waiting(challenge).id == version.id
    versions.approve(version, by=ada, now=app_clock.now())
    assert (version.status, challenge.version_id) == (VersionStatus.APPROVED, version.id)
    assert version_queries.waiting(challenge) is None


def test_annotations_change_with_the_approval_and_not_before(hana, ada):
    challenge = imported(challenge_files(), hana)
    before = challenge.phases[0].annotation_key

    version = updated(challenge, challenge_files() | {"annotations/dev.csv": "id,label\n1,1\n"}, hana)

    assert challenge.phases[0].annotation_key == before
    versions.approve(version, by=ada, now=app_clock.now())
    assert store.path(challenge.phases[0].annotation_key).read_bytes() == b"id,label\n1,1\n"


@pytest.mark.parametrize("decision", ["reject", "take_back"])
def test_a_version_that_is_rejected_or_taken_back_leaves_the_live_one(hana, ada, decision):
    challenge = imported(challenge_files(), hana)
    first = challenge.version_id
    version = updated(challenge, challenge_files(script=OTHER_SCRIPT), hana)

    getattr(versions, decision)(version, by=ada, now=app_clock.now())

    assert challenge.version_id == first
    assert challenge.is_live
    with pytest.raises(Conflict):
        versions.approve(version, by=ada, now=app_clock.now())


def test_a_newer_upload_replaces_the_one_that_waits(hana):
    challenge = imported(challenge_files(), hana)
    second = updated(challenge, challenge_files(script=OTHER_SCRIPT), hana)

    third = updated(challenge, challenge_files(script=OTHER_SCRIPT | {"more.py": ""}), hana)

    assert [it.status for it in (second, third)] == [VersionStatus.REPLACED, VersionStatus.WAITING]


def test_before_the_first_approval_a_new_version_simply_takes_the_olds_place(hana):
    challenge = imported(challenge_files(), hana, approved=False)
    first = challenge.version

    version = updated(challenge, challenge_files(script=OTHER_SCRIPT), hana)

    assert (first.status, version.status) == (VersionStatus.REPLACED, VersionStatus.WAITING)
    assert challenge.version_id == version.id
    assert not challenge.is_approved


def test_a_new_phase_on_known_labels_is_there_at_once(hana):
    challenge = imported(challenge_files(), hana)

    version = updated(challenge, challenge_files(SECOND_PHASE), hana)

    assert version.status is VersionStatus.APPROVED
    assert [phase.codename for phase in challenge.phases] == ["dev", "final"]
    assert challenge.phases[1].annotation_sha256 == challenge.phases[0].annotation_sha256


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CONFIG, SECOND_PHASE),
        (SECOND_PHASE, CONFIG),
        (CONFIG, changed('["AUC", "F1"]', '["AUC", "F1", "MAP"]')),
        (CONFIG, changed('"default_order_by": "AUC"', '"default_order_by": "F1"')),
        (CONFIG, changed("is_leaderboard_order_descending: True", "is_leaderboard_order_descending: False")),
        (CONFIG, changed("codename: dev", "codename: one")),
        (CONFIG, changed("codename: test_split", "codename: other_split")),
        (CONFIG, changed("visibility: 3", "visibility: 1")),
        (
            SECOND_PHASE,
            SECOND_PHASE.replace("codename: dev", "codename: x")
            .replace("codename: final", "codename: dev")
            .replace("codename: x", "codename: final"),
        ),
    ],
)
def test_when_it_is_approved_the_challenge_is_as_if_it_had_been_imported_so(hana, old, new):
    challenge, fresh = imported(challenge_files(old), hana), imported(challenge_files(new), hana)

    updated(challenge, challenge_files(new), hana, agreed=True)
    challenge_services.approve_from_console(challenge, now=app_clock.now())

    assert shape(challenge) == shape(fresh)


PASSAGES = [
    ("codename: dev", "codename: one"),
    ("max_submissions: 100", "max_submissions: 9"),
    ('["AUC", "F1"]', '["F1", "AUC"]'),
    ("is_leaderboard_order_descending: True", "is_leaderboard_order_descending: False"),
    ("leaderboard_decimal_precision: 4", "leaderboard_decimal_precision: 1"),
    ("codename: test_split", "codename: other"),
    ("name: Dev Phase", "name: First"),
]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, len(PASSAGES) - 1))), min_size=2, max_size=4))
@example([(True, set()), (False, set()), (True, {4})])
def test_after_any_row_of_versions_the_challenge_is_as_the_last_one_says(hana, row):
    configs = []
    for has_two, passages in row:
        config = SECOND_PHASE if has_two else CONFIG
        for number in sorted(passages):
            config = config.replace(*PASSAGES[number])
        configs.append(config)
    challenge, fresh = imported(challenge_files(configs[0]), hana), imported(challenge_files(configs[-1]), hana)

    for config in configs[1:]:
        # a configuration like the one before changes nothing and is refused
        with contextlib.suppress(Conflict):
            updated(challenge, challenge_files(config), hana, agreed=True)
        challenge_services.approve_from_console(challenge, now=app_clock.now())

    assert shape(challenge) == shape(fresh)


# -- what holds submissions --------------------------------------------------------------------------------------------


def test_removing_a_phase_with_submissions_asks_first_and_keeps_them_readable(hana):
    challenge = imported(challenge_files(SECOND_PHASE), hana)
    final = challenge.phases[1]
    team = make_team(challenge)
    scored, queued = make_scored(final, team, {"AUC": 0.5}), make_submission(final, team)

    with pytest.raises(Invalid, match="removes or renames"):
        updated(challenge, challenge_files(CONFIG), hana)
    updated(challenge, challenge_files(CONFIG), hana, agreed=True)

    assert [phase.codename for phase in challenge.phases] == ["dev"]
    assert (scored.status, queued.status) == (SubmissionStatus.FINISHED, SubmissionStatus.CANCELLED)
    assert scored.phase.removed_at
    assert [it.id for it in challenges.removed_boards(challenge.id)] == [
        entry.phase_split_id for entry in scored.entries
    ]


def test_a_phase_that_comes_back_has_its_submissions_again(hana):
    challenge = imported(challenge_files(SECOND_PHASE), hana)
    final = challenge.phases[1]
    scored = make_scored(final, make_team(challenge), {"AUC": 0.5})
    updated(challenge, challenge_files(CONFIG), hana, agreed=True)

    updated(
        challenge,
        challenge_files(SECOND_PHASE.replace("  - id: 2", "  - id: 7", 1).replace("phase_id: 2", "phase_id: 7")),
        hana,
    )

    assert [phase.id for phase in challenge.phases] == [challenge.phases[0].id, final.id]
    assert [split.id for split in challenge.phases[1].splits] == [scored.entries[0].phase_split_id]


def test_what_nothing_hangs_on_goes_without_asking(hana):
    challenge = imported(challenge_files(SECOND_PHASE), hana)

    updated(challenge, challenge_files(CONFIG), hana)

    assert [phase.codename for phase in challenge.phases] == ["dev"]


def test_a_renamed_phase_keeps_its_submissions(hana):
    challenge = imported(challenge_files(), hana)
    made = make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5})

    updated(challenge, challenge_files(changed("codename: dev", "codename: one")), hana, agreed=True)
    challenge_services.approve_from_console(challenge, now=app_clock.now())

    db.session.expire_all()
    assert made.phase.codename == "one"


def test_another_direction_turns_the_board_round_when_it_is_approved(hana, ada):
    challenge = imported(challenge_files(), hana)
    phase = challenge.phases[0]
    low, high = [make_scored(phase, make_team(challenge), {"AUC": score}).team_id for score in (0.2, 0.8)]
    other = changed("is_leaderboard_order_descending: True", "is_leaderboard_order_descending: False")

    def best():
        db.session.expire_all()
        rows = db.session.query(Standing).filter_by(phase_split_id=phase.splits[0].id).order_by(Standing.score.desc())
        return [row.team_id for row in rows]

    version = updated(challenge, challenge_files(other), hana)
    assert best() == [high, low]
    versions.approve(version, by=ada, now=app_clock.now())

    assert best() == [low, high]


def test_metrics_that_go_are_named_with_the_submissions_that_have_scores_of_them(hana):
    challenge = imported(challenge_files(), hana)
    made = make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5, "F1": 0.4})
    with opened(challenge_files(changed('["AUC", "F1"]', '["AUC"]'))) as (_path, checked):
        held = version_queries.held(challenge, checked.spec)

    assert [(it.new, it.count) for it in held] == [("F1", 1)]
    assert db.session.get(Entry, (made.id, made.entries[0].phase_split_id)).scores["F1"] == 0.4


def test_a_removed_phase_frees_its_codename_for_another_and_keeps_its_own_rows(hana):
    challenge = imported(challenge_files(SECOND_PHASE), hana)
    final = challenge.phases[1]
    make_scored(final, make_team(challenge), {"AUC": 0.5})
    updated(challenge, challenge_files(CONFIG), hana, agreed=True)

    updated(challenge, challenge_files(changed("codename: dev", "codename: final")), hana, agreed=True)
    challenge_services.approve_from_console(challenge, now=app_clock.now())

    db.session.expire_all()
    assert [phase.codename for phase in challenge.phases] == ["final"]
    assert len(structure.removed_phases(challenge.id)) == 1


# -- which version made the scores -------------------------------------------------------------------------------------


def test_a_submission_is_evaluated_by_the_version_that_is_live_when_its_turn_comes(hana, ada):
    challenge = imported(challenge_files(), hana)
    phase, team = challenge.phases[0], make_team(challenge)
    first = challenge.version_id
    earlier, later = make_submission(phase, team), make_submission(phase, team)
    runs.claim_next(worker="w", now=app_clock.now())
    version = updated(challenge, challenge_files(script=OTHER_SCRIPT), hana)

    versions.approve(version, by=ada, now=app_clock.now())
    runs.claim_next(worker="w", now=app_clock.now())

    db.session.expire_all()
    assert [it.version_id for it in (earlier, later)] == [first, version.id]


# -- who, and who was first --------------------------------------------------------------------------------------------


def test_a_second_tab_meets_a_sentence_instead_of_overwriting_the_first(hana):
    challenge = imported(challenge_files(), hana)
    other = challenge_files(changed("title: Tumour Challenge", "title: Other"))

    with pytest.raises(Conflict, match="changed since you looked"):
        updated(
            challenge,
            challenge_files(changed("title: Tumour Challenge", "title: Lumps")),
            hana,
            between=lambda: updated(challenge, other, hana),
        )

    assert challenge.title == "Other"


def test_what_was_shown_is_what_is_confirmed(hana):
    challenge = imported(challenge_files(), hana)

    def edit():
        with writing():
            challenge.title = "Edited meanwhile"

    with pytest.raises(Conflict, match="changed since you looked"):
        updated(challenge, challenge_files(changed("title: Tumour Challenge", "title: Lumps")), hana, between=edit)

    assert len(version_queries.of_challenge(challenge.id)) == 1


def test_a_refused_version_leaves_neither_rows_nor_files(hana):
    challenge = imported(challenge_files(), hana)
    before = set(store.root.glob("??/*")) | set(store.packages.iterdir())

    with pytest.raises(Conflict, match="changes nothing"):
        updated(challenge, challenge_files(), hana)

    after = set(store.root.glob("??/*")) | set(store.packages.iterdir())
    assert len(after - before) == 1, "the upload itself, which its uploader may still forget"
    assert db.session.query(BundleVersion).count() == 1


def test_strangers_upload_no_version(hana):
    challenge = imported(challenge_files(), hana)

    with pytest.raises(NotAllowed):
        updated(challenge, challenge_files(SECOND_PHASE), make_account())


@pytest.mark.parametrize("first", ["approve", "reject", "take_back"])
@pytest.mark.parametrize("second", ["approve", "reject", "take_back"])
def test_of_two_tabs_that_decide_the_second_hears_of_the_first(hana, ada, first, second):
    challenge = imported(challenge_files(), hana)
    version = updated(challenge, challenge_files(script=OTHER_SCRIPT), hana)
    getattr(versions, first)(version, by=ada, now=app_clock.now())
    settled = version.status, challenge.version_id

    with pytest.raises(Conflict, match="is no longer waiting"):
        getattr(versions, second)(version, by=ada, now=app_clock.now())

    assert (version.status, challenge.version_id) == settled


@pytest.mark.race
def test_of_six_who_decide_at_one_moment_one_does(app, hana, ada):
    challenge = imported(challenge_files(), hana)
    version_id, ada_id = updated(challenge, challenge_files(script=OTHER_SCRIPT), hana).id, ada.id
    challenge_id, live = challenge.id, challenge.version_id
    db.session.remove()

    def act(number):
        decide = (versions.approve, versions.reject, versions.take_back)[number % 3]
        version = db.session.get(BundleVersion, version_id)
        decide(version, by=db.session.get(Account, ada_id), now=app_clock.now())

    results = released_together(app, 6, act)

    assert results.count(None) == 1
    assert sum(isinstance(it, Conflict) for it in results) == 5
    decided = db.session.get(BundleVersion, version_id).status
    assert (
        decided is (VersionStatus.APPROVED, VersionStatus.REJECTED, VersionStatus.TAKEN_BACK)[results.index(None) % 3]
    )
    approved = decided is VersionStatus.APPROVED
    assert db.session.get(Challenge, challenge_id).version_id == (version_id if approved else live)


def test_a_version_that_a_newer_upload_replaced_cannot_be_approved_in_an_old_tab(hana, ada):
    challenge = imported(challenge_files(), hana)
    live = challenge.version_id
    replaced = updated(challenge, challenge_files(script=OTHER_SCRIPT), hana)
    updated(challenge, challenge_files(script=OTHER_SCRIPT | {"more.py": ""}), hana)

    with pytest.raises(Conflict, match="is no longer waiting"):
        versions.approve(replaced, by=ada, now=app_clock.now())

    assert challenge.version_id == live


def test_only_an_administrator_decides(hana):
    challenge = imported(challenge_files(), hana)
    version = updated(challenge, challenge_files(script=OTHER_SCRIPT), hana)

    for decision in (versions.approve, versions.reject):
        with pytest.raises(NotAllowed):
            decision(version, by=hana, now=app_clock.now())


# -- files -------------------------------------------------------------------------------------------------------------


def test_what_was_shared_stays_shared_and_old_annotations_are_never_offered(hana):
    files = challenge_files() | {"data/train.csv": "a", "data/more.csv": "b"}
    challenge = imported(files, hana)
    with writing():
        next(it for it in challenge.version.assets if it.path == "data/train.csv").is_shared = True
    moved = changed("annotations/dev.csv", "labels/other.csv")
    new = challenge_files(moved) | {"labels/other.csv": "id,label\n1,1\n", "data/train.csv": "c"}
    new["data/old.csv"] = new["annotations/dev.csv"]

    version = updated(challenge, new, hana)

    assert {it.path: it.is_shared for it in challenges.assets(version.id)} == {
        "data/train.csv": True,
        "logo.png": False,
    }


def test_upkeep_keeps_every_file_of_every_version(hana):
    challenge = imported(challenge_files(), hana)
    updated(challenge, challenge_files(script=OTHER_SCRIPT), hana)

    assert {path.name for path in store.root.glob("??/*")} <= challenges.file_keys()
    assert {path.name for path in store.packages.iterdir()} == challenges.package_keys()
    assert io.BytesIO(store.path(challenge.version.file_key).read_bytes()).read(2) == b"PK"


CHOICES = {"final_picks": 2, "accepts_late": True}


def test_a_bundle_written_for_evalai_leaves_what_hosts_chose_here(hana):
    challenge = imported(challenge_files(), hana)
    choose(challenge, **CHOICES)

    version = updated(challenge, challenge_files(changed("title: Tumour Challenge", "title: Lumps")), hana)

    assert [it["where"] for it in version.changes] == ["title"]
    assert (challenge.timezone, challenge.phases[0].final_picks, challenge.phases[0].accepts_late) == (
        "Europe/Berlin",
        2,
        True,
    )


def test_a_bundle_that_speaks_of_a_phase_under_shiai_sets_all_that_stands_there(hana):
    challenge = imported(challenge_files(), hana)
    choose(challenge, **CHOICES)
    config = changed("    codename: dev", "    codename: dev\n    shiai: {accepts_late: True, max_file_mb: 5}")

    version = updated(challenge, challenge_files(config), hana)

    phase = challenge.phases[0]
    assert version.status is VersionStatus.APPROVED
    assert [it["where"].rpartition(".")[2] for it in version.changes] == ["max_file_mb", "final_picks"]
    assert (phase.final_picks, phase.accepts_late, phase.max_file_bytes) == (0, True, 5 * 1024 * 1024)


def choose(challenge, **choices):
    with writing():
        challenge.timezone = "Europe/Berlin"
        for name, value in choices.items():
            setattr(challenge.phases[0], name, value)


def test_a_final_board_that_waits_for_approval_finds_its_public_one_when_it_comes(hana, ada):
    challenge = imported(challenge_files(), hana)
    private = "  - {id: 2, name: Private, codename: private}\nchallenge_phase_splits:"
    config = changed("challenge_phase_splits:", private) + (
        "  - challenge_phase_id: 1\n    leaderboard_id: 1\n    dataset_split_id: 2\n    visibility: 1\n"
        "    shiai: {public_board: {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1}}\n"
    )

    version = updated(challenge, challenge_files(config, script=OTHER_SCRIPT), hana)
    versions.approve(version, by=ada, now=app_clock.now())

    db.session.expire_all()
    public, final = challenge.phases[0].splits
    assert (public.public_board_id, final.public_board_id) == (None, public.id)


def test_teams_that_waited_are_let_in_where_a_new_version_asks_for_no_approval(hana):
    challenge = imported(challenge_files(CONFIG + "shiai: {needs_team_approval: True}\n"), hana)
    team = make_team(challenge, status=TeamStatus.WAITING)

    updated(challenge, challenge_files(CONFIG + "shiai: {}\n"), hana)

    assert team.status is TeamStatus.ACTIVE
