"""Why an evaluation ended without a score: a closed list, each with a sentence for either reader."""

import pytest

from app.rules.failures import FAILURES, FailureCode


def test_the_list_is_closed():
    assert [code.value for code in FailureCode] == [
        "input",
        "script",
        "no_result",
        "bad_result",
        "time",
        "memory",
        "output",
        "crash",
        "cancelled",
        "environment",
        "ours",
    ]
    assert set(FAILURES) == set(FailureCode)


@pytest.mark.parametrize("code", list(FailureCode))
def test_each_has_whole_sentences_without_places_to_fill(code):
    failure = FAILURES[code]

    for sentence in (failure.participant, failure.host):
        assert sentence[0].isupper() or sentence.startswith("evaluate()")
        assert sentence.endswith(".")
        assert "!" not in sentence
        assert "%" not in sentence


@pytest.mark.parametrize("code", list(FailureCode))
def test_what_a_participant_reads_carries_no_word_of_the_machinery(code):
    said = FAILURES[code].participant.lower()

    assert not [word for word in ("traceback", "exception", "script", "sys.", "evaluate()") if word in said]


def test_only_what_cost_the_server_its_limits_counts():
    assert {code for code, failure in FAILURES.items() if failure.counts} == {
        FailureCode.TIME,
        FailureCode.MEMORY,
        FailureCode.OUTPUT,
        FailureCode.CRASH,
    }
