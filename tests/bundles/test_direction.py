import pytest

from app.bundles.direction import higher_is_better


@pytest.mark.parametrize("label", ["Accuracy", "F1 score", "SuccessRate", "DNSMOS", "Tests Passed", "Total", "mAP@0.5"])
def test_more_of_these_is_better(label):
    assert higher_is_better(label) is True


@pytest.mark.parametrize("label", ["RMSE", "Error score", "H-Coll", "AverageSteps", "Mean error", "WER", "Log loss"])
def test_less_of_these_is_better(label):
    assert higher_is_better(label) is False


@pytest.mark.parametrize("label", ["Overall", "Average", "Metric1", "Compre.", "精度"])
def test_a_name_may_say_nothing(label):
    assert higher_is_better(label) is None


def test_then_its_description_speaks():
    assert higher_is_better("Relev.", "Average relevance of a summary") is True


@pytest.mark.parametrize("label", ["Overall", "Total", "Mean", "Final score"])
@pytest.mark.parametrize(
    ("others", "better"), [(["RMSE", "MAE"], False), (["BLEU", "F1"], True), (["RMSE", "Total"], False)]
)
def test_a_sum_of_other_metrics_follows_them(label, others, better):
    assert higher_is_better(label, others=others) is better


def test_where_the_others_disagree_a_sum_speaks_for_itself():
    assert higher_is_better("Overall", others=["RMSE", "F1"]) is None
    assert higher_is_better("Total", others=["RMSE", "F1"]) is True
    assert higher_is_better("Accuracy", others=["RMSE", "MAE"]) is True
