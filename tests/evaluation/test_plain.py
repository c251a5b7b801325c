import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from evaluation_runtime import plain


class Tensor:
    """As torch has them: `size` and `numel` are methods."""

    def __init__(self, value):
        self.value = value

    def size(self):
        return (1,)

    def numel(self):
        return 1

    def item(self):
        return self.value


class Unprintable:
    def __str__(self):
        raise ValueError("no text")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.int64(3), 3),
        (np.array(0.25), 0.25),
        (np.array([0.25]), 0.25),
        (np.array([[7]]), 7),
        (np.float16(0.5), 0.5),
        (np.bool_(True), True),
        (pd.Series([0.5]).mean(), 0.5),
        (pd.Series([0.5]), 0.5),
        (pd.Series([3], dtype="Int64").iloc[0], 3),
        (Tensor(0.5), 0.5),
        (Decimal("0.5"), 0.5),
        (Fraction(1, 4), 0.25),
        (7, 7),
    ],
)
def test_a_number_of_any_usual_library_becomes_a_plain_one(value, number):
    answer = plain.returned({"result": [{"test": {"score": value}}]})

    made = answer["value"]["result"][0]["test"]["score"]
    assert made == number
    assert type(made) in {int, float, bool}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.ones(2), "numpy.ndarray"),
        (Decimal("sNaN"), "Decimal"),
        (Fraction(10**400), "Fraction"),
        (pd.Series([1, 2]), "Series"),
        (ValueError("no row 7"), "an exception object (ValueError: no row 7)"),
        (1j, "complex"),
        (np.complex128(1), "numpy.complex128"),
        (object(), "object"),
        ({1, 2}, "set"),
        (np.datetime64("2026-01-01"), "datetime64"),
        (2**2000, "integer"),
        ("x" * 20_000, "20000"),
    ],
)
def test_what_is_no_number_is_named_with_its_place(value, said):
    with pytest.raises(plain.UnusableError) as caught:
        plain.returned({"result": [{"test": {"score": value}}]})

    assert caught.value.said["where"] == "result[0].test.score"
    assert said in str(caught.value)


def test_numbers_as_names_become_text_as_json_has_it():
    assert plain.returned({"result": [{1: {"score": 1}}]})["value"]["result"] == [{"1": {"score": 1}}]


def test_an_attachment_is_written_as_json_whatever_is_in_it():
    answer = plain.returned({"result": [], "submission_result": {"a": np.arange(3), "b": object}})

    assert answer["submission_result"] == '{"a": [0, 1, 2], "b": "<class \'object\'>"}'


def test_an_attachment_that_is_too_large_is_kept_in_part_with_a_note():
    answer = plain.returned({"result": [], "submission_result": ["x" * 1_000_000]})

    assert json.loads(answer["submission_result"]).startswith('["xxx')
    assert answer["submission_result"].endswith('…"')
    assert answer["notes"] == [{"code": "large", "where": "submission_result", "most": 256}]


@pytest.mark.parametrize("value", [{(1, 2): 3}, {"a": {1, 2}}, Unprintable(), float("nan"), "text", 7, [], False])
def test_an_attachment_of_any_kind_is_kept(value):
    answer = plain.returned({"result": [], "submission_result": value})

    json.loads(answer["submission_result"])


def test_an_attachment_that_contains_itself_is_kept_as_its_text():
    value = {"a": 1}
    value["self"] = value

    answer = plain.returned({"result": [], "submission_result": value})

    assert json.loads(answer["submission_result"]) == "{'a': 1, 'self': {...}}"
    assert answer["notes"][0]["code"] == "no_json"


def test_what_a_script_says_under_error_or_stderr_is_handed_on():
    answer = plain.returned({"result": [], "error": ValueError("no row 7"), "stderr": "x" * 5_000, "message": 3})

    assert answer["said"] == {"error": "no row 7", "stderr": "x" * 2_000}


def test_other_keys_are_named_so_that_a_misspelt_result_is_found():
    assert plain.returned({"results": []})["others"] == ["results"]
