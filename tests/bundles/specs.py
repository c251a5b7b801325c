"""Specifications as hypothesis draws them: whatever the reader could have made of some bundle."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from app.bundles.reader import USUAL_FILE_TYPES
from app.bundles.shiai_spec import BoardReference, ShiaiBoard, ShiaiChallenge, ShiaiPhase
from app.bundles.spec import (
    ChallengeSpec,
    DatasetSplitSpec,
    Image,
    LeaderboardSpec,
    MetaAttribute,
    MetricSpec,
    Page,
    PhaseSpec,
    PhaseSplitSpec,
    PrizeSpec,
    SponsorSpec,
)
from app.bundles.tables import CHALLENGE, PHASE, PHASE_SPLIT
from app.rules.names import misleading_sign

NUMBERS = st.integers(0, 2**31 - 1)
SIGNS = "aZ09 :#-?&*!|>'\"%@`{}[],~=.\\/é漢ー🦊（：①②③④⑤"
# what YAML could take for something else; hypothesis draws a whole text at once when it is made of single signs
WORDS_OF_YAML = str.maketrans({"①": "null", "②": "yes", "③": "1e3", "④": "2026-01-01", "⑤": "<<"})
LINES = st.text(SIGNS + "\n", max_size=8).map(lambda text: text.translate(WORDS_OF_YAML).strip())
TEXTS = st.text(SIGNS, max_size=6).map(lambda text: text.translate(WORDS_OF_YAML).strip())
NAMES = TEXTS.filter(lambda text: text and not misleading_sign(text))
WORDS = st.lists(NAMES, max_size=3).map(tuple)
MOMENTS = st.integers(86_400, 32_500_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
# floats and dates are kept as the text they were written in
LEFTOVERS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
UNKNOWN = st.just({}) | st.dictionaries(NAMES.map(lambda name: f"x{name}"), LEFTOVERS, max_size=2)
STEPS = st.text(alphabet="ab1 _-漢", min_size=1, max_size=6).map(str.strip).filter(bool)
CODENAMES = st.text(alphabet="abc012 _-漢é", min_size=1, max_size=8).map(str.strip).filter(bool)


def ignored_in(table):
    keys = sorted(entry.key for entry in table if entry.ignored)
    return st.dictionaries(st.sampled_from(keys), LEFTOVERS, max_size=2)


def pages():
    html = st.text(alphabet="<p>&;'\"a é漢\n\ufeff\t{}", max_size=30)
    return st.builds(Page, path=STEPS.map(lambda name: f"templates/{name}.html"), html=html)


@st.composite
def dates(draw):
    first, second = sorted([draw(MOMENTS), draw(MOMENTS)])
    return {"start_date": first, "end_date": second}


@st.composite
def leaderboards(draw, number):
    labels = tuple(draw(st.lists(NAMES, min_size=1, max_size=4, unique=True)))
    metrics = st.builds(MetricSpec, sort_ascending=st.none() | st.booleans(), description=described(), unknown=UNKNOWN)
    return LeaderboardSpec(
        id=number,
        labels=labels,
        default_order_by=draw(st.sampled_from(labels)),
        metadata=draw(st.dictionaries(st.sampled_from(labels), metrics, max_size=4)),
        unknown=draw(UNKNOWN),
        unknown_schema=draw(UNKNOWN),
    )


def described():
    return LINES.filter(lambda text: not misleading_sign(text.replace("\n", " ")))


@st.composite
def attributes(draw):
    options = draw(st.lists(NAMES, min_size=1, max_size=3).map(tuple))
    return MetaAttribute(
        name=draw(NAMES),
        description=draw(described()),
        type=draw(st.sampled_from(["text", "boolean", "radio", "checkbox"])),
        options=options,
        required=draw(st.booleans()),
        is_visible=draw(st.booleans()),
        unknown=draw(UNKNOWN),
    )


@st.composite
def phases(draw, number, codename, drawn):
    choices = {name: draw(st.booleans()) for name in BOOLEANS_OF_A_PHASE}
    if choices["is_restricted_to_select_one_submission"]:
        choices["is_submission_public"] = False
    kinds = draw(st.lists(st.sampled_from([".csv", ".npz", ".tar.gz"]), unique=True).map(tuple))
    limits = {name: draw(NUMBERS) for name in LIMITS_OF_A_PHASE}
    return PhaseSpec(
        id=number,
        name=draw(NAMES),
        codename=codename,
        description=draw(st.sampled_from(drawn)),
        **draw(dates()),
        test_annotation_file=draw(st.none() | STEPS.map(lambda name: f"annotations/{name}.csv")),
        **choices,
        **limits,
        allowed_submission_file_types=kinds or USUAL_FILE_TYPES,
        allowed_email_ids=draw(WORDS),
        submission_meta_attributes=tuple(draw(st.lists(attributes(), max_size=2))),
        default_submission_meta_attributes=tuple(draw(st.lists(attributes(), max_size=2))),
        environment_image=draw(TEXTS),
        submission_artifact_retention_policy=draw(st.sampled_from(["keep_forever", "days_14", "months_12"])),
        shiai=draw(phase_choices()),
        ignored=draw(ignored_in(PHASE)),
        unknown=draw(UNKNOWN),
    )


BOOLEANS_OF_A_PHASE = [entry.key for entry in PHASE if isinstance(entry.default, bool)]
LIMITS_OF_A_PHASE = [entry.key for entry in PHASE if entry.key.startswith("max_")]
BOOLEANS_OF_A_CHALLENGE = [entry.key for entry in CHALLENGE if isinstance(entry.default, bool)]
BOOLEANS_OF_A_BOARD = [entry.key for entry in PHASE_SPLIT if isinstance(entry.default, bool)]


# what hosts choose beyond EvalAI's keys; a map in which all is as usual says no more than none


def maybe(choices, usual):
    return st.none() | choices.map(lambda drawn: None if drawn == usual else drawn)


def phase_choices():
    choices = st.builds(
        ShiaiPhase,
        accepts_late=st.booleans(),
        max_file_mb=st.none() | st.integers(1, 5_000),
        final_picks=st.integers(0, 2),
        show_logs=st.booleans(),
        unknown=UNKNOWN,
    )
    return maybe(choices, ShiaiPhase())


def challenge_choices():
    choices = st.builds(
        ShiaiChallenge,
        needs_team_approval=st.booleans(),
        teams_close_at=st.none() | MOMENTS,
        admitted_email_ids=st.lists(st.sampled_from(["a@example.com", "b@lab"]), unique=True).map(tuple),
        unknown=UNKNOWN,
    )
    return maybe(choices, ShiaiChallenge())


def board_choices(others):
    """Draw how a board is shown, the final of one of some other boards or of none."""
    references = st.sampled_from(others).map(reference) if others else st.none()
    choices = st.builds(
        ShiaiBoard,
        share_percent=st.none() | st.integers(1, 100),
        hidden_until=st.none() | MOMENTS,
        freeze_at=st.none() | MOMENTS,
        tells_owners=st.booleans(),
        revealed_at=st.none() | MOMENTS,
        public_board=st.none() | references,
        unknown=UNKNOWN,
    )
    return maybe(choices, ShiaiBoard())


def reference(triple):
    phase, board, split = triple
    return BoardReference(challenge_phase_id=phase, leaderboard_id=board, dataset_split_id=split)


@st.composite
def phase_splits(draw, triple, joined):
    phase, board, split = triple
    return PhaseSplitSpec(
        challenge_phase_id=phase,
        leaderboard_id=board,
        dataset_split_id=split,
        visibility=draw(st.sampled_from([1, 2, 3])),
        leaderboard_decimal_precision=draw(st.integers(0, 15)),
        **{name: draw(st.booleans()) for name in BOOLEANS_OF_A_BOARD},
        shiai=draw(board_choices([it for it in joined if it != triple])),
        unknown=draw(UNKNOWN),
    )


@st.composite
def structures(draw, drawn):
    """Draw leaderboards, phases, dataset splits and what joins them."""
    boards, phase_ids, splits = (draw(st.lists(NUMBERS, min_size=1, max_size=3, unique=True)) for _ in range(3))
    triples = st.tuples(st.sampled_from(phase_ids), st.sampled_from(boards), st.sampled_from(splits))
    codenames = st.lists(CODENAMES, min_size=3, max_size=3, unique=True)
    joined = draw(st.lists(triples, min_size=1, max_size=4, unique=True))
    return {
        "leaderboard": tuple(draw(leaderboards(number)) for number in boards),
        "challenge_phases": tuple(
            draw(phases(number, codename, drawn)) for number, codename in zip(phase_ids, draw(codenames), strict=False)
        ),
        "dataset_splits": tuple(
            DatasetSplitSpec(id=number, name=draw(NAMES), codename=codename, unknown=draw(UNKNOWN))
            for number, codename in zip(splits, draw(codenames), strict=False)
        ),
        "challenge_phase_splits": tuple(draw(phase_splits(triple, joined)) for triple in joined),
    }


@st.composite
def specs(draw):
    """Draw a whole challenge as the reader could have read it."""
    prizes = draw(st.lists(st.integers(1, 99), max_size=2, unique=True))
    drawn = draw(st.lists(pages(), min_size=1, max_size=4, unique_by=lambda page: page.path))
    return ChallengeSpec(
        title=" ".join(draw(NAMES).split()),
        **{name: draw(st.sampled_from(drawn)) for name in PAGES},
        **draw(dates()),
        **draw(structures(drawn)),
        **{name: draw(st.booleans()) for name in BOOLEANS_OF_A_CHALLENGE},
        evaluation_script="evaluation_script.zip",
        short_description=draw(described()),
        leaderboard_description=draw(described()),
        image=draw(st.none() | st.just(Image(path="logo.png", media_type="image/png", width=64, height=48))),
        submission_time_limit=draw(st.integers(1, 2**31 - 1)),
        forum_url=draw(TEXTS),
        allowed_email_domains=draw(WORDS),
        blocked_email_domains=draw(WORDS),
        banned_email_ids=draw(WORDS),
        max_team_members=draw(st.none() | st.integers(1, 2**31 - 1)),
        timezone=draw(st.sampled_from(["", "Asia/Tokyo", "Europe/Berlin"])),
        tags=draw(WORDS),
        domain=draw(st.sampled_from(["", "CV", "TAB"])),
        prizes=tuple(
            PrizeSpec(rank=rank, amount=draw(TEXTS), description=draw(TEXTS), unknown=draw(UNKNOWN)) for rank in prizes
        ),
        sponsors=tuple(draw(st.lists(st.builds(SponsorSpec, name=NAMES, website=TEXTS, unknown=UNKNOWN), max_size=2))),
        shiai=draw(challenge_choices()),
        ignored=draw(ignored_in(CHALLENGE)),
        unknown=draw(UNKNOWN),
    )


PAGES = ("description", "evaluation_details", "terms_and_conditions", "submission_guidelines")
