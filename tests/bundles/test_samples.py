"""Which sample of a bundle a phase is tried with."""

from datetime import UTC, datetime

import pytest

from app.bundles.samples import samples_for
from app.bundles.spec import Page, PhaseSpec

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def phase(codename, *kinds):
    return PhaseSpec(
        id=1,
        name=codename,
        codename=codename,
        description=Page(path="x.html", html=""),
        start_date=MOMENT,
        end_date=MOMENT,
        allowed_submission_file_types=kinds or (".csv",),
    )


def test_one_sample_serves_every_phase_that_takes_its_kind():
    phases = [phase("dev"), phase("final"), phase("video", ".zip")]

    assert samples_for(phases, ["sample_submission.csv"]) == dict.fromkeys(["dev", "final"], "sample_submission.csv")


def test_a_sample_that_names_a_phase_is_for_that_phase_alone():
    found = samples_for([phase("dev"), phase("phase-2")], ["a/dev_submission.csv", "submission (Phase 2).CSV"])

    assert found == {"dev": "a/dev_submission.csv", "phase-2": "submission (Phase 2).CSV"}


def test_a_phase_whose_name_is_only_a_part_of_a_word_is_not_named():
    assert samples_for([phase("dev"), phase("v")], ["dev_submission.csv"]) == {"dev": "dev_submission.csv"}


@pytest.mark.parametrize("path", ["sample_data.csv", "examples/train.csv", "spread.csv"])
def test_what_may_be_data_as_well_is_not_tried_by_itself(path):
    assert samples_for([phase("dev")], [path]) == {}


def test_the_file_that_is_called_a_sample_comes_first():
    samples = ["random_submission.csv", "data/sample_submission.csv"]

    assert samples_for([phase("dev")], samples) == {"dev": "data/sample_submission.csv"}
