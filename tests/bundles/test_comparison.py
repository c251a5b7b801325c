"""What a new version changes: every difference is found, told in words, and of the right kind."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given

from app.bundles.changes import Change, Kind, needs_approval
from app.bundles.compared_keys import (
    BOARD_KEYS,
    CHALLENGE_KEYS,
    LEADERBOARD_KEYS,
    PHASE_KEYS,
    SHIAI_BOARD_KEYS,
    SHIAI_CHALLENGE_KEYS,
    SHIAI_PHASE_KEYS,
    SPLIT_KEYS,
)
from app.bundles.comparison import Contents, Version, compare
from app.bundles.kept_choices import keeping_choices
from app.bundles.shiai_spec import BoardReference, ShiaiBoard, ShiaiChallenge, ShiaiPhase
from app.bundles.shiai_tables import SHIAI_BOARD, SHIAI_CHALLENGE, SHIAI_PHASE
from app.bundles.spec import (
    ChallengeSpec,
    DatasetSplitSpec,
    Image,
    LeaderboardSpec,
    MetricSpec,
    Page,
    PhaseSpec,
    PhaseSplitSpec,
)
from app.bundles.tables import CHALLENGE, DATASET_SPLIT, PHASE, PHASE_SPLIT
from tests.bundles.specs import specs
from tests.fuzzing import few

quick = few(30, HealthCheck.data_too_large)
FILES = Contents(script={"main.py": "1"}, annotations={"annotations/dev.csv": "2"}, logo="3")
PAGE = Page(path="x.html", html="<p>About it.</p>")
JANUARY, MAY = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 31, 23, 59, tzinfo=UTC)
DEV = PhaseSpec(
    id=1,
    name="Dev Phase",
    codename="dev",
    description=PAGE,
    start_date=JANUARY,
    end_date=MAY,
    test_annotation_file="annotations/dev.csv",
)
BOARD = LeaderboardSpec(id=1, labels=("AUC", "F1"), default_order_by="AUC")
SPLIT = DatasetSplitSpec(id=1, name="Test Split", codename="test")
JOINED = PhaseSplitSpec(challenge_phase_id=1, leaderboard_id=1, dataset_split_id=1)
OLD = ChallengeSpec(
    title="Tumours",
    description=PAGE,
    evaluation_details=PAGE,
    terms_and_conditions=PAGE,
    submission_guidelines=PAGE,
    evaluation_script="evaluation_script.zip",
    start_date=JANUARY,
    end_date=MAY,
    leaderboard=(BOARD,),
    challenge_phases=(DEV,),
    dataset_splits=(SPLIT,),
    challenge_phase_splits=(JOINED,),
)


def changes(new, *, contents=FILES, old=OLD):
    return compare(Version(old, FILES), Version(new, contents))


def told(new, **options):
    return [(it.kind, it.text()) for it in changes(new, **options)]


def with_phase(**values):
    return replace(OLD, challenge_phases=(replace(DEV, **values),))


def with_board(**values):
    return replace(OLD, leaderboard=(replace(BOARD, **values),))


# -- any two challenges ------------------------------------------------------------------------------------------------


@quick
@given(specs())
def test_a_challenge_does_not_differ_from_itself(spec):
    assert changes(spec, old=spec) == []


@quick
@given(specs(), specs())
def test_two_challenges_that_differ_are_told_apart_in_words(old, new):
    found = changes(new, old=old)

    assert bool(found) == (old != new)
    assert all(it.text() and it.where and it.to_json() for it in found)
    assert [Change.from_row(it.to_row()).text() for it in found] == [it.text() for it in found]


def applied(old, found):
    """Return the challenge with changes of its own keys and its phases' keys put in."""
    for it in found:
        where, _, key = it.where.rpartition(".")
        phase = next((row for row in old.challenge_phases if where == f"challenge_phases[{row.codename}]"), None)
        holder = phase or old
        value = replace(getattr(holder, key), html=it.new) if isinstance(getattr(holder, key), Page) else it.new
        changed = replace(holder, **{key: value})
        if phase is None:
            old = changed
        else:
            rows = tuple(changed if row is phase else row for row in old.challenge_phases)
            old = replace(old, challenge_phases=rows)
    return old


SIMPLE = (bool, int, str, datetime)


def values_of(row, *, but=()):
    """Return the plain values of a row and its pages, the pages under the paths of `but`."""
    return {
        it.name: getattr(row, it.name)
        for it in fields(row)
        if it.name not in but and isinstance(getattr(row, it.name), SIMPLE)
    }


@quick
@given(specs(), specs())
def test_the_changes_put_into_the_old_challenge_give_the_new_one(old, other):
    phase = values_of(other.challenge_phases[0], but={"id", "codename", "test_annotation_file"})
    rows = tuple(
        replace(row, **phase, description=Page(path=row.description.path, html=other.description.html))
        for row in old.challenge_phases
    )
    new = replace(old, **values_of(other), challenge_phases=rows)

    assert applied(old, changes(new, old=old)) == new


# -- what each difference is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "kind", "sentence"),
    [
        (replace(OLD, title="Lumps"), Kind.TEXT, "Title: Lumps instead of Tumours."),
        (
            replace(OLD, description=Page(path="x.html", html="<p>More</p>\n<p>lines</p>")),
            Kind.TEXT,
            "Page “Overview”: rewritten.",
        ),
        (replace(OLD, end_date=JANUARY), Kind.DATE, "End: 2026-01-01 00:00+00:00 instead of 2026-05-31 23:59+00:00."),
        (with_phase(max_submissions=7), Kind.LIMIT, "Phase Dev Phase: Submissions altogether: 7 instead of 100000."),
        (with_phase(is_public=True), Kind.SETTING, "Phase Dev Phase: Open to participants: yes instead of no."),
        (with_phase(allowed_email_ids=("a@b.c", "d@e.f")), Kind.SETTING, "Phase Dev Phase: Invited e-mail addresses: a@b.c, d@e.f instead of nothing."),
        (with_phase(codename="one"), Kind.RENAMED, "Phase Dev Phase: the codename changes from dev to one."),
        (with_board(labels=("AUC", "MAP")), Kind.SCORING, "Leaderboard AUC, MAP: Metrics: AUC, MAP instead of AUC, F1."),
        (with_board(default_order_by="F1"), Kind.SCORING, "Leaderboard AUC, F1: Metric that ranks: F1 instead of AUC."),
        (
            replace(OLD, challenge_phase_splits=(replace(JOINED, is_leaderboard_order_descending=False),)),
            Kind.SCORING,
            None,
        ),
        (replace(OLD, challenge_phase_splits=(replace(JOINED, visibility=1),)), Kind.SETTING, "Board Dev Phase, Test Split: Who sees it: 1 instead of 3."),
        (replace(OLD, forum_url="https://x"), Kind.KEPT, "`forum_url`: https://x instead of nothing."),
        (replace(OLD, unknown={"colour": "red"}), Kind.KEPT, "`colour`: red."),
        (replace(OLD, dataset_splits=(replace(SPLIT, codename="other"),)), Kind.RENAMED, "Data split Test Split: the codename changes from test to other."),
        (replace(OLD, remote_evaluation=True), Kind.SCORING, "Evaluation elsewhere: yes instead of no."),
        (replace(OLD, shiai=ShiaiChallenge(needs_team_approval=True)), Kind.SETTING, "A host approves each team: yes instead of no."),
        (with_phase(shiai=ShiaiPhase(max_file_mb=5)), Kind.LIMIT, "Phase Dev Phase: Largest file, in MB: 5."),
        (replace(OLD, challenge_phase_splits=(replace(JOINED, shiai=ShiaiBoard(freeze_at=MAY)),)), Kind.DATE, "Board Dev Phase, Test Split: Frozen from: 2026-05-31 23:59+00:00."),
        (replace(OLD, image=Image(path="l.png", media_type="image/png", width=1, height=1)), Kind.KEPT, None),
    ],
)  # fmt: skip
def test_a_difference_is_told_in_a_sentence_and_has_a_kind(new, kind, sentence):
    found = told(new)

    assert found
    assert {it for it, _ in found} == {kind}
    assert sentence is None or found == [(kind, sentence)]


@pytest.mark.parametrize(
    ("contents", "sentences"),
    [
        (
            replace(FILES, script={"main.py": "9", "metrics.py": "8"}),
            ["Evaluation script: changed files: main.py.", "Evaluation script: new files: metrics.py."],
        ),
        (
            replace(FILES, annotations={"annotations/dev.csv": "other"}),
            ["Phase Dev Phase: content of the annotation file: annotations/dev.csv instead of annotations/dev.csv."],
        ),
    ],
)
def test_another_script_or_annotation_needs_approval(contents, sentences):
    found = changes(OLD, contents=contents)

    assert [it.text() for it in found] == sentences
    assert needs_approval(found)


def test_another_logo_needs_none():
    found = changes(OLD, contents=replace(FILES, logo="other"))

    assert [it.what for it in found] == ["Logo"]
    assert not needs_approval(found)


FINAL = replace(DEV, id=2, name="Final Phase", codename="final")


def test_a_new_phase_on_a_known_annotation_needs_no_approval_and_one_with_labels_of_its_own_does():
    new = replace(OLD, challenge_phases=(DEV, FINAL))
    own = replace(OLD, challenge_phases=(DEV, replace(FINAL, test_annotation_file="annotations/final.csv")))
    contents = replace(FILES, annotations=FILES.annotations | {"annotations/final.csv": "new"})

    assert told(new) == [(Kind.ADDED, "Phase Final Phase is new.")]
    assert [kind for kind, _ in told(own, contents=contents)] == [Kind.ADDED, Kind.SCORING]


def test_phases_are_the_same_by_id_then_by_codename():
    old = replace(OLD, challenge_phases=(DEV, FINAL))
    other_ids = replace(
        old,
        challenge_phases=(replace(DEV, id=11), replace(FINAL, id=12)),
        challenge_phase_splits=(replace(JOINED, challenge_phase_id=11),),
    )
    swapped = replace(old, challenge_phases=(replace(DEV, codename="final"), replace(FINAL, codename="dev")))

    assert {kind for kind, _ in told(other_ids, old=old)} == {Kind.KEPT}
    assert [it.where for it in changes(other_ids, old=old)] == [
        "challenge_phases[dev].id",
        "challenge_phases[final].id",
    ]
    assert [kind for kind, _ in told(swapped, old=old)] == [Kind.RENAMED, Kind.RENAMED]


def test_what_goes_is_named_with_all_that_hangs_on_it():
    old = replace(
        OLD, challenge_phases=(DEV, FINAL), challenge_phase_splits=(JOINED, replace(JOINED, challenge_phase_id=2))
    )

    assert [text for _, text in told(OLD, old=old)] == [
        "Phase Final Phase is removed.",
        "Board Final Phase, Test Split is removed.",
    ]


def test_keys_that_turn_no_metric_round_need_no_approval():
    said = with_board(metadata={"AUC": MetricSpec(sort_ascending=False)})
    turned = with_board(metadata={"AUC": MetricSpec(sort_ascending=True)})
    turned = replace(turned, challenge_phase_splits=(replace(JOINED, is_leaderboard_order_descending=False),))

    assert [kind for kind, _ in told(said)] == [Kind.KEPT]
    assert {kind for kind, _ in told(turned)} == {Kind.SCORING}
    assert "Board Dev Phase, Test Split: `AUC`: lower is better instead of higher is better." in [
        text for _, text in told(turned)
    ]


def test_another_order_of_phases_is_said():
    old = replace(OLD, challenge_phases=(DEV, FINAL))

    assert told(replace(OLD, challenge_phases=(FINAL, DEV)), old=old) == [(Kind.SETTING, "Order of phases: changed.")]


PUBLIC = BoardReference(challenge_phase_id=1, leaderboard_id=1, dataset_split_id=1)
KEPT_BACK = replace(JOINED, dataset_split_id=2, shiai=ShiaiBoard(public_board=PUBLIC))
TWO_BOARDS = replace(
    OLD,
    dataset_splits=(SPLIT, DatasetSplitSpec(id=2, name="Private Split", codename="private")),
    challenge_phase_splits=(JOINED, KEPT_BACK),
)


def test_the_public_board_of_a_final_one_is_told_by_its_names():
    alone = replace(TWO_BOARDS, challenge_phase_splits=(JOINED, replace(KEPT_BACK, shiai=None)))

    assert told(TWO_BOARDS, old=alone) == [
        (Kind.SETTING, "Board Dev Phase, Private Split: It is the final of: Dev Phase, Test Split.")
    ]


def test_a_bundle_without_a_word_on_it_keeps_what_hosts_chose_under_the_ids_it_has_by_then():
    chosen = replace(TWO_BOARDS, timezone="Asia/Tokyo", shiai=ShiaiChallenge(needs_team_approval=True))
    plain = replace(
        OLD,
        challenge_phases=(replace(DEV, id=7),),
        dataset_splits=TWO_BOARDS.dataset_splits,
        challenge_phase_splits=tuple(
            replace(it, challenge_phase_id=7, shiai=None) for it in TWO_BOARDS.challenge_phase_splits
        ),
    )

    kept = keeping_choices(plain, chosen)

    assert (kept.timezone, kept.shiai) == (chosen.timezone, chosen.shiai)
    assert kept.challenge_phase_splits[1].shiai.public_board.triple == (7, 1, 1)
    assert [it.where for it in changes(kept, old=chosen)] == ["challenge_phases[dev].id"]


@pytest.mark.parametrize(
    ("table", "keys", "also"),
    [
        (CHALLENGE, CHALLENGE_KEYS, {"evaluation_script", "published"}),
        (PHASE, PHASE_KEYS, {"id"}),
        (DATASET_SPLIT, SPLIT_KEYS, {"id"}),
        (PHASE_SPLIT, BOARD_KEYS, {"is_leaderboard_order_descending"}),
        (SHIAI_CHALLENGE, SHIAI_CHALLENGE_KEYS, set()),
        (SHIAI_PHASE, SHIAI_PHASE_KEYS, set()),
        (SHIAI_BOARD, SHIAI_BOARD_KEYS, set()),
    ],
)
def test_every_key_that_has_an_effect_here_has_a_kind(table, keys, also):
    effective = {it.key for it in table if not it.kept and not it.ignored}

    assert effective - also == set(keys.known) | keys.elsewhere
    assert set(LEADERBOARD_KEYS.known) | {"metadata"} == {"labels", "default_order_by", "metadata"}
