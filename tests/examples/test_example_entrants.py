import csv
import itertools
import subprocess
import sys
from collections import Counter

import pytest
import yaml

from app.rules import attributes
from examples.build import EXAMPLES, NAMES
from examples.entrants import PEOPLE, diabetes, entrants, ranking, tumour
from examples.entrants.plan import PLANS
from examples.entrants.spoil import SPOILERS
from examples.entrants.teams import MEMBERS

MODELS = {
    "breast-cancer-auc": tumour.MODELS,
    "digits-ranking": ranking.METHODS,
    "diabetes-rmse": diabetes.MODELS,
}


def plan(name):
    with (PLANS / f"{name}.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def test_every_planned_model_exists_and_every_model_is_planned_or_a_part(name):
    planned = {row["model"] for row in plan(name)}

    assert planned <= set(MODELS[name])
    assert set(MODELS[name]) - planned <= {"svm-moved", "network-moved", "extra-trees-moved", "neighbours-moved"}


def test_eight_to_ten_teams_try_four_to_ten_times_within_three_weeks(name):
    by_team = {team: list(rows) for team, rows in itertools.groupby(plan(name), key=lambda row: row["team"])}

    assert 8 <= len(by_team) <= 10
    assert all(4 <= len(rows) <= 10 for rows in by_team.values())
    assert all(0 <= int(row["day"]) <= 20 and 0 <= int(row["hour"]) <= 23 for row in plan(name))


def test_teams_are_made_of_known_people_who_are_in_one_team_each():
    members = [person for team in MEMBERS.values() for person in team]

    assert sorted(members) == sorted(PEOPLE)


def test_teams_submit_in_order_of_time_and_different_files():
    (entrant,) = entrants("diabetes-rmse", first=1)

    times = [(attempt.day, attempt.hour) for attempt in entrant.attempts]
    assert times == sorted(times)
    assert len({attempt.predictions for attempt in entrant.attempts}) == len(entrant.attempts)
    assert all(person in PEOPLE for person in entrant.members)
    assert len({attempt.filename for attempt in entrant.attempts}) == len(entrant.attempts)


def test_a_team_gets_better_within_the_three_weeks(score):
    (entrant,) = entrants("digits-ranking", first=1)

    scored = [
        score("digits-ranking", attempt.predictions)["result"][0]["straight"]["MAP@10"]
        for attempt in entrant.attempts
        if attempt.phase == "dev"
    ]
    assert scored[-1] == max(scored) > scored[0] + 0.2


@pytest.mark.parametrize(
    ("name", "model"), [("breast-cancer-auc", "forest"), ("digits-ranking", "pca"), ("diabetes-rmse", "tree-deep")]
)
def test_another_process_makes_the_same_file(name, model):
    module = {"breast-cancer-auc": tumour, "digits-ranking": ranking, "diabetes-rmse": diabetes}[name]
    source = f"import sys; from {module.__name__} import predict; sys.stdout.buffer.write(predict({model!r}))"

    other = subprocess.run(
        [sys.executable, "-c", source], check=True, cwd=EXAMPLES.parent, capture_output=True, timeout=120
    )

    assert other.stdout == module.predict(model)


@pytest.mark.parametrize(
    ("name", "spoil", "sentence"),
    [
        ("breast-cancer-auc", "in_percent", "not between 0 and 1"),
        ("breast-cancer-auc", "without_last_rows", "missing (20)"),
        ("digits-ranking", "cut_off", "not JSON"),
        ("diabetes-rmse", "with_semicolons", "id;progression"),
    ],
)
def test_a_spoilt_file_is_refused_with_its_sentence(name, spoil, sentence, baseline, refusal):
    assert sentence in refusal(name, SPOILERS[spoil](baseline(name)))


def test_each_challenge_has_a_plan():
    assert {path.stem for path in PLANS.glob("*.csv")} == set(NAMES)


def test_no_team_goes_over_the_limits_of_a_phase(name):
    configuration = yaml.safe_load((EXAMPLES / name / "challenge_config.yaml").read_text(encoding="utf-8"))
    open_phase, *others = configuration["challenge_phases"]
    finals = [row for row in plan(name) if row["final"]]

    per_day = Counter((row["team"], row["day"]) for row in plan(name))
    assert max(per_day.values()) <= open_phase["max_submissions_per_day"]
    assert bool(finals) == bool(others)
    for phase in others:
        assert max(Counter((row["team"], row["day"]) for row in finals).values()) <= phase["max_submissions_per_day"]
        assert max(Counter(row["team"] for row in finals).values()) <= phase["max_submissions"]


def test_teams_answer_what_the_tumour_challenge_asks_for():
    config = yaml.safe_load((EXAMPLES / "breast-cancer-auc/challenge_config.yaml").read_text(encoding="utf-8"))
    asked = attributes.parse(config["challenge_phases"][0]["submission_meta_attributes"])

    answered = [attributes.answers(asked, tumour.answers(model)) for model in tumour.MODELS]

    by_name = {it.name: Counter(attributes.read(kept)[n].values for kept in answered) for n, it in enumerate(asked)}
    # naive Bayes belongs to none of the families, and the question may be left out
    assert set(by_name["Model family"]) == {(), *((it,) for it in asked[1].options)}
    assert {choice for values in by_name["Preparation"] for choice in values} == set(asked[2].options)
    assert set(by_name["May be shared"]) == {("True",), ("False",)}
