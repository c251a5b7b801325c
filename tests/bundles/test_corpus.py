import pytest

from tests.bundles.corpus import configurations, outcome_of

pytestmark = pytest.mark.skipif(not configurations(), reason="there is no ../shared/corpus beside the checkout")


@pytest.mark.parametrize("path", configurations(), ids=lambda path: path.stem)
def test_every_real_configuration_gives_a_challenge_or_problems_with_line_and_cure(path):
    outcome = outcome_of(path)

    assert outcome.kind != "silence"
    assert outcome.parses or not outcome.checked.ok


def test_nearly_all_that_parse_are_taken_as_they_are():
    outcomes = [outcome_of(path) for path in configurations() if path.parent.name == "configs"]

    refused = [outcome.name for outcome in outcomes if outcome.parses and not outcome.checked.ok]
    assert refused == ["DoubleSky123+Ebay2025ML"]


@pytest.mark.parametrize(
    ("name", "descending"),
    [
        ("HeoJaeYeon+URP_EvalAI_25", False),
        ("JannikSchneider12+Embed2Scale_2", False),
        ("norabalogh+EvalAI-Starters-22", False),
        ("MicroSTM+AGENT-Challenge", True),
        ("anujanegi+multiple-psychiatric-developmental-diagnosis", True),
        ("anujanegi+psychiatric-symptom-severity", True),
        ("sdwiyanti+address-elements-extraction-challenge", True),
        ("shenqq377+InsDetChallenge_CVPR2025", True),
        ("OpenPecha+EvalAi_OCR_Challenge", True),
    ],
)
def test_the_ranking_metric_points_the_way_its_host_meant(name, descending):
    path = next(path for path in configurations() if path.stem == name)

    spec = outcome_of(path).checked.spec

    split = spec.challenge_phase_splits[0]
    assert spec.descending_for(split, spec.board(split.leaderboard_id).default_order_by) is descending
