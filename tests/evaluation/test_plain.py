from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from evaluation_runtime import plain


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.int64(3), 3),
        (np.array(0.25), 0.25),
        (Decimal("0.5"), 0.5),
        (Fraction(1, 4), 0.25),
        (7, 7),
    ],
)
def test_a_number_of_any_usual_library_becomes_a_plain_one(value, number):
    answer = plain.returned({"result": [{"test": {"score": value}}]})

    made = answer["value"]["result"][0]["test"]["score"]
    assert made == number
    assert type(made) in {int, float}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.ones(1), "numpy.ndarray"),
        (1j, "complex"),
        (np.complex128(1), "numpy.complex128"),
        (object(), "object"),
        ({1, 2}, "set"),
        (np.datetime64("2026-01-01"), "datetime64"),
        (2**2000, "too large"),
        ("x" * 20_000, "20,000 characters"),
    ],
)
def test_what_is_no_number_is_named_with_its_place(value, said):
    with pytest.raises(plain.UnusableError) as caught:
        plain.returned({"result": [{"test": {"score": value}}]})

    assert caught.value.where == "result[0].test.score"
    assert said in caught.value.problem


def test_numbers_as_names_become_text_as_json_has_it():
    assert plain.returned({"result": [{1: {"score": 1}}]})["value"]["result"] == [{"1": {"score": 1}}]


def test_an_attachment_is_written_as_json_whatever_is_in_it():
    answer = plain.returned({"result": [], "submission_result": {"a": np.arange(3), "b": object}})

    assert answer["submission_result"] == '{"a": [0, 1, 2], "b": "<class \'object\'>"}'


def test_an_attachment_that_is_too_large_is_left_out_with_a_note():
    answer = plain.returned({"result": [], "submission_result": "x" * 1_000_000})

    assert answer["submission_result"] is None
    assert "256 KiB" in answer["notes"][0]


def test_other_keys_are_named_so_that_a_misspelt_result_is_found():
    assert plain.returned({"results": []})["others"] == ["results"]
