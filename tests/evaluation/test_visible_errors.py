"""A script may tell the participant what is wrong with the file, by raising an exception of an agreed name."""

import json

from app.evaluation.outcome import Expected, Refusal
from app.evaluation.result_reader import read_result
from app.rules.failures import FailureCode
from evaluation_runtime.execute import _for_participant

EXPECTED = Expected(splits=("test",), labels={"test": ("AUC",)})


class ParticipantVisibleError(ValueError):
    pass


class WrongHeaderError(ParticipantVisibleError):
    pass


def read(**answer):
    return read_result(json.dumps({"kind": "raised", "detail": "Traceback ...", **answer}).encode(), expected=EXPECTED)


def test_an_exception_of_the_agreed_name_is_for_the_participant():
    assert _for_participant(ParticipantVisibleError("Line 3 has no id.")) == "Line 3 has no id."
    assert _for_participant(WrongHeaderError("The first line must be id,score.")) == "The first line must be id,score."


def test_what_any_other_exception_says_is_not_for_the_participant():
    assert _for_participant(ValueError("the label of row 3 is 1")) is None


def test_a_visible_error_fails_as_input_with_its_text_and_keeps_the_traceback_for_the_host():
    refusal = read(for_participant="Line 3 has no id.")

    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message) == (FailureCode.INPUT, "Line 3 has no id.")
    assert refusal.detail.startswith("Traceback")


def test_a_forged_or_endless_text_is_cut_and_never_crashes_the_reader():
    assert len(read(for_participant="x" * 100_000).message) <= 1100
    assert read(for_participant={"no": "text"}).code is FailureCode.SCRIPT
    assert read(for_participant="   ").code is FailureCode.SCRIPT
