import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.outcome import Expected, Refusal, Sheet
from app.evaluation.result_reader import read_result
from app.rules.failures import FailureCode
from app.rules.sentences import written

EXPECTED = Expected(splits=("dev", "test"), labels={"dev": ("f1", "auc"), "test": ("f1",)})


def returned(result, **others):
    return json.dumps({"kind": "returned", "value": {"result": result, **others}}).encode()


def read(result, **others):
    return read_result(returned(result, **others), expected=EXPECTED)


def scores(sheet):
    assert isinstance(sheet, Sheet), sheet
    return {split.split: split.scores for split in sheet.splits}


def notes(sheet):
    return [written(note) for note in sheet.notes]


BOTH = {"dev": {"f1": 0.5, "auc": 1}, "test": {"f1": 0.25}}


@pytest.mark.parametrize(
    "result",
    [
        [{"dev": BOTH["dev"]}, {"test": BOTH["test"]}],
        [BOTH],
        BOTH,
        [
            {"split": "dev", "show_to_participant": True, "accuracies": BOTH["dev"]},
            {"split": "test", "show_to_participant": False, "accuracies": BOTH["test"]},
        ],
        [{"split": "dev", "metrics": BOTH["dev"]}, {"split": "test", "scores": BOTH["test"]}],
        json.dumps([{"split": "dev", "accuracies": BOTH["dev"]}, {"test": BOTH["test"]}]),
    ],
    ids=[
        "one map per split",
        "several splits in a map",
        "a map without a list",
        "split and accuracies",
        "split and metrics",
        "the list as text",
    ],
)
def test_every_form_in_use_gives_the_same_scores(result):
    sheet = read(result)

    assert scores(sheet) == BOTH
    assert sheet.notes == ()


def test_two_boards_of_one_split_together_ask_for_the_labels_of_both():
    expected = Expected.of_boards([("dev", ["f1", "auc"]), ("test", ["f1"]), ("dev", ["auc", "rmse"])])

    assert expected.splits == ("dev", "test")
    assert expected.labels == {"dev": ("f1", "auc", "rmse"), "test": ("f1",)}


def test_an_extra_metric_is_kept():
    sheet = read([{"dev": {"f1": 1, "auc": 1, "extra": 3}}, {"test": {"f1": 1}}])

    assert scores(sheet)["dev"]["extra"] == 3.0


def test_a_missing_metric_is_absent_and_noted():
    sheet = read([{"dev": {"f1": 1}}, {"test": {"f1": 1}}])

    assert scores(sheet)["dev"] == {"f1": 1.0}
    assert notes(sheet) == ["The split `dev` leaves out the metric `auc`."]


def test_a_split_left_out_is_noted():
    assert notes(read([{"test": {"f1": 1}}])) == ["The result leaves out the split `dev`."]


def test_the_same_split_twice_keeps_the_first_and_notes_it():
    sheet = read([{"test": {"f1": 1}}, {"test": {"f1": 2}}, {"dev": {"f1": 1, "auc": 1}}])

    assert scores(sheet)["test"] == {"f1": 1.0}
    assert "more than once" in notes(sheet)[0]


def test_a_split_that_was_not_declared_is_refused_and_the_declared_ones_are_named():
    refusal = read([{"private": {"f1": 1}}])

    assert refusal.code is FailureCode.BAD_RESULT
    assert "`private`" in refusal.in_full
    assert "`dev`, `test`" in refusal.in_full


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (math.nan, "NaN"),
        (math.inf, "infinite"),
        (-math.inf, "infinite"),
        ("high", "of type str"),
        ("nan", "NaN"),
        ("", "of type str"),
        ([1], "of type list"),
        ({"mean": 1}, "of type dict"),
        (2**63, "too large"),
        (10**400, "too large"),
    ],
)
def test_a_metric_that_is_no_finite_number_is_refused_and_named(value, said):
    refusal = read([{"test": {"f1": value}}])

    assert refusal.code is FailureCode.BAD_RESULT
    assert "test.f1" in refusal.in_full
    assert said in refusal.in_full


@pytest.mark.parametrize(
    ("value", "number"), [(True, 1.0), (False, 0.0), ("0.93", 0.93), (" 93 ", 93.0), ("-1.5e-3", -0.0015)]
)
def test_a_number_in_another_form_is_read_and_noted(value, number):
    sheet = read([{"dev": BOTH["dev"]}, {"test": {"f1": value}}])

    assert scores(sheet)["test"] == {"f1": number}
    assert notes(sheet) == [f"test.f1 is of type {type(value).__name__}; it was read as {number}."]


def test_none_for_a_metric_counts_as_a_missing_one():
    sheet = read([{"dev": {"f1": 1, "auc": None}}, {"test": {"f1": 1}}])

    assert scores(sheet)["dev"] == {"f1": 1.0}
    assert notes(sheet) == ["The split `dev` leaves out the metric `auc`."]


@pytest.mark.parametrize("value", ["resnet", None, math.nan, math.inf, [1, 2], {"a": 1}, 10**400])
def test_an_extra_value_that_is_no_number_is_left_out_and_the_scores_stand(value):
    sheet = read([{"dev": BOTH["dev"]}, {"test": {"f1": 0.5, "model": value}}])

    assert scores(sheet)["test"] == {"f1": 0.5}
    assert notes(sheet) == ["test.model is neither a metric of the leaderboard nor a number; it was left out."]


@pytest.mark.parametrize("label", ["F1", "f-1", " f_1 "])
def test_a_metric_that_differs_only_in_its_spelling_is_taken_for_the_labels(label):
    sheet = read([{"dev": BOTH["dev"]}, {"test": {label: 0.5}}])

    assert scores(sheet)["test"] == {"f1": 0.5}
    assert "was read as `f1`" in notes(sheet)[0]


def test_two_spellings_of_a_missing_metric_are_not_guessed_between():
    assert "none of its leaderboard's metrics" in read([{"test": {"F1": 0.5, "f-1": 0.6}}]).in_full


def test_what_a_script_says_of_its_own_failure_is_told():
    answer = {"kind": "returned", "value": {"result": []}, "said": {"stderr": "no such column: id"}}

    refusal = read_result(json.dumps(answer).encode(), expected=EXPECTED)

    assert refusal.in_full == "The result is empty: no split has a metric.\nstderr: no such column: id"


def test_a_float_written_as_1e400_is_refused():
    raw = returned([{"test": {"f1": 1}}]).replace(b'"f1": 1', b'"f1": 1e400')

    assert "too large" in read_result(raw, expected=EXPECTED).in_full


@pytest.mark.parametrize("result", [[], {}, [{}], [{"test": {}}], None, 5, "text", [[]], [1], [{"test": 1}], [None]])
def test_an_empty_or_shapeless_result_is_refused(result):
    assert read(result).code is FailureCode.BAD_RESULT


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"kind": "returned"}',
        b'{"kind": "returned", "value": 1}',
        b'{"kind": 1}',
        b"x" * 1_100_000,
        b'{"kind": "returned", "value": {"result": ' + b"9" * 5000 + b"}}",
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_a_reply_that_is_none_is_refused(raw):
    assert read_result(raw, expected=EXPECTED).code is FailureCode.BAD_RESULT


def test_error_bars_are_kept_by_the_name_of_their_metric():
    sheet = read([{"test": {"f1": 1}}], error=[{"test": {"error_f1": 0.1}}])

    assert sheet.splits[0].errors == {"f1": 0.1}


def test_a_text_in_place_of_error_bars_is_what_the_script_says():
    sheet = read([{"test": {"f1": 1}}], error="none today")

    assert "The script says under `error`: none today" in notes(sheet)


@pytest.mark.parametrize("error", [[{"test": {"error_f1": math.nan}}], [1], {"x": 3}])
def test_error_bars_that_cannot_be_read_are_left_out_and_the_scores_stand(error):
    sheet = read([{"test": {"f1": 1}}], error=error)

    assert sheet.splits[0].errors == {}
    assert any("error bars were left out" in note for note in notes(sheet))


@pytest.mark.parametrize(
    ("bars", "kept"),
    [({"error_f1": 0.1, "error_auc": 0.2}, {"f1": 0.1, "auc": 0.2}), ({"error_f1": 0.1}, {"f1": 0.1}), ({}, {})],
    ids=["all", "some", "none"],
)
def test_any_number_of_error_bars_will_do(bars, kept):
    sheet = read([{"dev": BOTH["dev"]}, {"test": {"f1": 1}}], error=[{"dev": bars}])

    assert sheet.splits[0].errors == kept
    assert sheet.notes == ()


def test_half_characters_and_nul_never_leave_the_reader():
    raw = json.dumps(
        {
            "kind": "returned",
            "value": {"result": [{"test": {"f1": 1, "\ud800\0": 2}}]},
            "submission_result": '"\ud800\0"',
        }
    ).encode()

    sheet = read_result(raw, expected=EXPECTED)

    everything = sheet.submission_result + "".join(sheet.splits[0].scores)
    assert "\0" not in everything
    everything.encode()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["dev", "test", "f1"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "kind",
                    "value",
                    "result",
                    "error",
                    "dev",
                    "test",
                    "f1",
                    "auc",
                    "split",
                    "accuracies",
                    "notes",
                    "detail",
                ]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def assert_sound(read):
    assert isinstance(read, Sheet | Refusal)
    if isinstance(read, Sheet):
        for split in read.splits:
            assert split.split in EXPECTED.splits
            assert all(math.isfinite(number) for number in (*split.scores.values(), *split.errors.values()))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_sheet_or_a_refusal(raw):
    assert_sound(read_result(raw, expected=EXPECTED))


@given(JSON)
def test_any_json_gives_a_sheet_or_a_refusal(value):
    assert_sound(read_result(json.dumps(value).encode(), expected=EXPECTED))


@given(JSON, JSON, JSON)
def test_any_returned_value_gives_a_sheet_or_a_refusal(result, error, rest):
    raw = json.dumps(
        {"kind": "returned", "value": {"result": result, "error": error}, "notes": rest, "submission_result": rest}
    )

    assert_sound(read_result(raw.encode(), expected=EXPECTED))
