"""Whatever a script returns: a sheet of finite scores, or a refusal that says why."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.outcome import Expected, Refusal, Sheet
from app.evaluation.result_reader import read_result
from app.rules.sentences import written
from evaluation_runtime import plain
from tests.fuzzing import few, within_bounds

EXPECTED = Expected(splits=("dev", "test"), labels={"dev": ("f1", "auc"), "test": ("f1",)})


def read(raw):
    with within_bounds():
        return read_result(raw, expected=EXPECTED)


def assert_sound(found):
    assert isinstance(found, Sheet | Refusal)
    if isinstance(found, Refusal):
        assert found.in_full
        assert "\0" not in found.in_full
    else:
        assert all(written(note) for note in found.notes)
        for split in found.splits:
            assert split.split in EXPECTED.splits
            assert all(math.isfinite(number) for number in (*split.scores.values(), *split.errors.values()))


RETURNED = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.binary(max_size=4)
    | st.decimals()
    | st.builds(np.float32, st.floats(width=32))
    | st.builds(np.array, st.lists(st.floats(), max_size=2))
    | st.builds(ValueError, st.text(max_size=4))
    | st.just(object()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(
            st.sampled_from(["result", "error", "submission_result", "dev", "test", "f1", "auc", "split", "accuracies"])
            | st.integers(0, 2),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@few(100)
@given(RETURNED, RETURNED, RETURNED)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_any_value_that_evaluate_returns_is_described_and_read(result, error, told):
    for value in (result, {"result": result, "error": error, "submission_result": told}):
        try:
            answer = {"kind": "returned", **plain.returned(value)}
        except plain.UnusableError as problem:
            answer = {"kind": "unusable", **problem.said}

        assert_sound(read(json.dumps(answer).encode()))
