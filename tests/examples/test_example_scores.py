import json
import math

import pytest

from examples.build import EXAMPLES


def scores(answer):
    return {split: metrics for part in answer["result"] for split, metrics in part.items()}


def sample(name):
    (path,) = (EXAMPLES / name).glob("sample_submission.*")
    return path.read_bytes()


def test_the_tumour_baseline_orders_most_pairs_rightly(baseline, score):
    answer = score("breast-cancer-auc", baseline("breast-cancer-auc"))

    assert scores(answer)["test"]["AUC"] == pytest.approx(0.9548, abs=0.002)


def test_the_ranking_baseline_is_fair_on_straight_and_poor_on_shifted_queries(baseline, score):
    answer = scores(score("digits-ranking", baseline("digits-ranking")))

    assert answer["straight"]["MAP@10"] == pytest.approx(0.5198, abs=0.005)
    assert answer["shifted"]["MAP@10"] == pytest.approx(0.1835, abs=0.005)
    assert answer["shifted"]["Drop"] == pytest.approx(answer["straight"]["MAP@10"] - answer["shifted"]["MAP@10"])


def test_the_diabetes_baseline_beats_a_constant_on_both_splits(baseline, score):
    constant = scores(score("diabetes-rmse", sample("diabetes-rmse")))

    answer = scores(score("diabetes-rmse", baseline("diabetes-rmse")))

    assert answer["public"]["RMSE"] == pytest.approx(54.19, abs=0.1)
    for split in ("public", "private"):
        assert answer[split]["RMSE"] < constant[split]["RMSE"] - 10


def test_the_sample_submission_is_scored_in_every_phase(name, score):
    for phase in ("dev", "final"):
        answer = score(name, sample(name), phase=phase)

        assert all(math.isfinite(value) for metrics in scores(answer).values() for value in metrics.values())


def test_the_answer_survives_json(name, score):
    answer = score(name, sample(name))

    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_equal_probabilities_are_as_good_as_guessing_and_say_how_sure_that_is(score):
    answer = score("breast-cancer-auc", sample("breast-cancer-auc"))

    assert scores(answer)["test"] == {"AUC": 0.5}
    assert 0.03 < answer["error"][0]["test"]["error_AUC"] < 0.06


def test_the_two_phases_score_different_rows(baseline, score):
    content = baseline("breast-cancer-auc")

    dev, final = (scores(score("breast-cancer-auc", content, phase=phase)) for phase in ("dev", "final"))

    assert dev != final


def test_an_unknown_phase_is_named(score):
    with pytest.raises(ValueError, match="no rows for the phase 'dve'"):
        score("breast-cancer-auc", sample("breast-cancer-auc"), phase="dve")


def test_a_perfect_ranking_reaches_a_map_of_one(score):
    answers = json.loads((EXAMPLES / "digits-ranking/annotations/relevance.json").read_text())
    answers.pop("gallery")
    perfect = {query: entry["relevant"][:10] for query, entry in answers.items()}

    answer = scores(score("digits-ranking", json.dumps(perfect).encode()))

    assert answer["straight"]["MAP@10"] == answer["shifted"]["MAP@10"] == 1
    assert answer["shifted"]["Drop"] == 0


def test_the_worked_example_of_the_ranking_page_is_right(load_metrics):
    ranked, relevant = ["a", "b", "x", "c", "y"], {"a", "b", "c", "d", "e"}

    assert load_metrics.average_precision_at(ranked, relevant) == pytest.approx(0.55)
    assert load_metrics.f1_at(ranked, relevant) == pytest.approx(0.4)


def test_an_empty_ranking_scores_nothing_but_is_allowed(score):
    empty = {key: [] for key in json.loads(sample("digits-ranking"))}

    answer = scores(score("digits-ranking", json.dumps(empty).encode()))

    assert answer["straight"] == {"F1@10": 0, "MAP@10": 0}


def test_nothing_of_the_private_split_reaches_the_participant(baseline, score, capsys):
    answer = score("diabetes-rmse", baseline("diabetes-rmse"))

    shown = json.dumps(answer["submission_result"]) + capsys.readouterr().out
    assert str(scores(answer)["public"]["RMSE"]) in shown
    assert str(scores(answer)["private"]["RMSE"])[:8] not in shown
