"""A cell of a CSV file is never computed."""

import pytest

from app.rules.spreadsheets import Figure, safe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+x", "-x", "@x", "\tx", "\rx", "\0x", " =1", "'=1", '"=cmd|x', "\u3000\uff1d1", "\uff20SUM(1)"]
)
def test_what_might_be_a_formula_starts_with_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Pandas", "1-2", "a=b", "日本", "x\ty"])
def test_other_texts_stay_as_they_are(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("number", [-0.5, -1, None, Figure("-0.500")])
def test_a_number_below_zero_is_no_formula(number):
    assert safe_cell(number) == number
