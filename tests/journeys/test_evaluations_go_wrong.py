"""Submissions that cannot be scored: a sentence for the participant, the traceback for the host, nobody else waits."""

import time

import pytest

from tests.journeys.challenges import example_zip, obedient_zip
from tests.journeys.conftest import EVALUATION_SECONDS
from tests.journeys.people import live_challenge


@pytest.fixture(scope="module")
def tumours(host, admin, alice):
    slug = live_challenge(host, admin, example_zip("breast-cancer-auc"))
    alice.take_part(slug)
    return slug


@pytest.fixture(scope="module")
def obedient(host, admin, alice, bob):
    slug = live_challenge(host, admin, obedient_zip("Do as the file says"))
    alice.take_part(slug)
    bob.take_part(slug)
    return slug


def test_a_bad_csv_fails_with_the_sentence_that_the_script_has_for_its_sender(tumours, host, alice, bob):
    path = alice.submit(tumours, "dev", "p.csv", b"id,probability\nt0250,very likely\n")

    theirs = alice.wait_for(path)

    assert "Failed" in theirs.words
    assert "“very likely” is not a number" in theirs.words
    assert "It does not count towards your limit." in theirs.words
    assert "Traceback" not in theirs.text
    assert "Traceback" in host.get(path).words
    assert bob.get(path).status == 404


def test_a_script_that_fails_gives_its_sender_a_sentence_and_the_host_the_traceback(obedient, host, alice):
    path = alice.submit(obedient, "dev", "p.txt", b"nonsense")

    theirs = alice.wait_for(path)

    assert "Compare your file with the sample submission" in theirs.words
    for said_by_the_script in ("Traceback", "cannot read", "id,label"):
        assert said_by_the_script not in theirs.words
        assert said_by_the_script in host.get(path).words
    for stream in ("stdout", "stderr"):
        assert alice.get(f"{path}/{stream}").status == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("p.csv", b"", "The file is empty"), ("p.exe", b"id,probability", "This phase accepts .csv")],
)
def test_a_file_that_cannot_be_meant_is_refused_before_it_is_stored(
    tumours, installation, alice, name, content, sentence
):
    before = installation.rows("select count(*) from submission")
    path = f"/challenges/{tumours}/submit/dev"

    answer = alice.fill_in(path, path, files={"file": (name, content)})

    assert answer.status == 422
    assert sentence in answer.words
    assert installation.rows("select count(*) from submission") == before


def test_a_script_that_hangs_is_stopped_at_the_limit_while_others_run_on(obedient, host, alice, bob):
    hanging = alice.submit(obedient, "dev", "p.txt", b"hang")
    begun = time.monotonic()

    scored = [bob.wait_for(bob.submit(obedient, "dev", "p.txt", b"score 0.7")) for _ in range(2)]
    others_took = time.monotonic() - begun
    stopped = alice.wait_for(hanging)

    assert all("Finished" in it.words for it in scored)
    assert others_took < EVALUATION_SECONDS
    assert "The evaluation took longer than this phase allows and was stopped." in stopped.words
    assert "It counts towards your limit." in stopped.words
    assert "stopped at the time limit" in host.get(hanging).words


def test_a_submission_can_be_cancelled_while_it_runs(obedient, installation, alice):
    path = alice.submit(obedient, "dev", "p.txt", b"hang")

    cancelled = alice.fill_in(path, f"{path}/cancel")
    after = alice.wait_for(alice.submit(obedient, "dev", "p.txt", b"score 0.4"))

    assert "Cancelled" in alice.wait_for(cancelled.path).words
    assert "Finished" in after.words


def test_a_bundle_that_is_no_bundle_is_refused_with_its_problems_and_nothing_is_stored(installation, host):
    before = installation.rows("select count(*) from challenge")

    answer = host.fill_in("/hosting/new", "/hosting/new", files={"file": ("challenge.zip", b"this is no zip")})

    assert answer.status == 422
    assert "This bundle cannot be imported yet" in answer.words
    assert "Nothing was stored." in answer.words
    assert installation.rows("select count(*) from challenge") == before
