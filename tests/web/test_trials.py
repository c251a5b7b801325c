"""Trials as a host meets them: begun at import, asked for with a file, followed on their page, shown before approval."""

import io

import pytest
from sqlalchemy import select

from app.extensions import db, queue, store
from app.models.site import AuditEntry
from app.models.trials import Trial
from app.queries import challenges
from app.queries import trials as trial_queries
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from tests.bundles.builders import challenge_files, changed, zip_of
from tests.factories import make_admin, make_challenge, make_phase, make_trial
from tests.web.test_hosting import upload

PASSED = {
    "status": SubmissionStatus.FINISHED,
    "result": [{"split": "test_split", "scores": {"AUC": 0.51234, "F1": 0.5}, "errors": {}}],
    "seconds": 1.25,
    "peak_bytes": 3 * 1024 * 1024,
}
FAILED = {
    "status": SubmissionStatus.FAILED,
    "failure": FailureCode.SCRIPT,
    "failure_detail": "Traceback: row 7 has label 1",
    "stdout": "read 12 rows",
}


@pytest.fixture
def host(pages, hana):
    return pages.signed_in(hana)


@pytest.fixture
def version(hana):
    return make_challenge("Tumours", host=hana, is_approved=False).version


ADDRESS = {"slug": "tumours", "number": 1}


def all_trials():
    return db.session.scalars(select(Trial).order_by(Trial.id)).all()


def send(browser, content=b"id,score\n1,0.5\n", *, name="guess.csv", codename="dev"):
    data = {"own-codename": codename, "own-file": (io.BytesIO(content), name)}
    return browser.post("trials.try_own", data, **ADDRESS)


def test_an_import_begins_with_a_look_at_the_script_and_a_trial_of_each_phase_with_a_sample(host):
    queue.flush()
    upload(host, zip_of(challenge_files() | {"sample_submission.csv": "id,score\n1,0.5\n"}))

    check, trial = all_trials()
    assert (check.codename, trial.codename, trial.file_name) == (None, "dev", "sample_submission.csv")
    assert store.path(trial.file_key).read_bytes() == b"id,score\n1,0.5\n"
    assert {check.status, trial.status} == {SubmissionStatus.QUEUED}
    assert queue.pending_count() == 1


def test_a_sample_beside_the_annotations_is_tried_and_never_offered(host):
    upload(host, zip_of(challenge_files() | {"annotations/sample_submission.csv": "id,score\n1,0.5\n"}))

    found = challenges.by_slug("tumour-challenge")
    assert [it.file_name for it in all_trials()] == ["", "annotations/sample_submission.csv"]
    assert [it.path for it in challenges.assets(found.version_id)] == ["logo.png"]


def test_without_a_sample_only_the_script_is_looked_at_and_the_page_says_what_nobody_tried(host):
    upload(host, zip_of(challenge_files()))
    with_check = all_trials()
    with_check[0].status = SubmissionStatus.FINISHED
    db.session.commit()

    text = host.get("hosting.show", slug="tumour-challenge").text

    assert len(with_check) == 1
    assert "No file has been scored with this version yet." in text
    assert "Not tried" in text


def test_a_file_of_the_hosts_is_queued_and_leads_to_the_trials_own_live_page(host, version):
    answer = send(host)

    made = all_trials()[0]
    assert answer.status_code == 303
    assert answer.location == f"/trials/{made.id}"
    assert (made.version_id, made.codename, made.is_sample) == (version.id, "dev", False)
    text = host.get("trials.show", trial_id=made.id).text
    assert f'data-live="/trials/{made.id}/status"' in text
    assert "It waits for a worker" in text
    assert db.session.scalars(select(AuditEntry.action)).all() == ["challenge.tried"]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [(b"", "guess.csv", "The file is empty"), (b"x", "guess.exe", "This phase accepts .csv")],
)
def test_a_file_that_a_participant_could_not_send_is_refused_here_too(host, version, content, name, sentence):
    answer = send(host, content, name=name)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert all_trials() == []


def test_a_second_trial_of_a_phase_waits_until_the_first_is_over(host, version):
    send(host)

    answer = send(host)

    assert answer.status_code == 422
    assert "A trial of this is running" in answer.text
    assert len(all_trials()) == 1


def test_a_file_that_was_tried_can_be_tried_again_without_sending_it(host, version):
    first = make_trial(version, **PASSED)

    answer = host.post("trials.try_known", {"known-codename": "dev", "known-ref": f"trial-{first.id}"}, **ADDRESS)

    assert answer.status_code == 303
    assert [it.file_key for it in all_trials()] == [first.file_key] * 2


def test_of_many_trials_of_a_phase_the_last_ones_are_kept(host, version):
    kept = [make_trial(version, **PASSED).id for _ in range(7)]

    send(host)

    assert [it.id for it in all_trials()][:-1] == kept[3:]


def test_a_passed_trial_shows_scores_time_memory_and_what_was_printed(host, version):
    made = make_trial(version, stdout="read 12 rows", submission_result='{"rows": 12}', **PASSED)

    text = host.get("trials.show", trial_id=made.id).text

    for shown in ("Passed", "0.5123", "1.2 s", "3\u00a0MB", "read 12 rows", "guess.csv"):
        assert shown in text
    assert "data-live=" not in text
    assert '"rows": 12' in host.get("trials.result", trial_id=made.id).text


def test_a_failed_trial_shows_the_traceback_and_what_a_participant_would_read(host, version):
    made = make_trial(version, **FAILED)

    text = host.get("trials.show", trial_id=made.id).text

    for shown in ("Failed", "row 7 has label 1", "read 12 rows", "Compare your file with the sample submission"):
        assert shown in text


def test_stopping_a_trial_ends_it_and_stopping_it_twice_harms_nothing(host, version):
    made = make_trial(version, status=SubmissionStatus.RUNNING).id

    assert host.post("trials.stop", trial_id=made).status_code == 303
    assert host.post("trials.stop", trial_id=made).status_code == 303

    assert "The trial was stopped." in host.get("trials.show", trial_id=made).text


@pytest.mark.parametrize(
    ("tried", "sentence"),
    [
        ((), "No file has been scored with this version yet."),
        ((("dev", PASSED), (None, PASSED)), "Nobody has tried these phases: Phase final."),
        ((("dev", PASSED), ("final", FAILED), (None, PASSED)), "A trial of this version did not pass."),
        ((("dev", PASSED), ("final", PASSED)), "It has not been checked yet whether the script loads."),
        ((("dev", PASSED), ("final", PASSED), (None, PASSED)), "a trial gave scores for every phase"),
        ((("dev", FAILED), ("dev", PASSED), ("final", PASSED), (None, PASSED)), "a trial gave scores for every phase"),
        ((("dev", PASSED), ("final", {}), (None, PASSED)), "It is being tried."),
    ],
)
def test_the_approval_page_says_plainly_whether_the_trials_passed(pages, version, tried, sentence):
    make_phase(version.challenge, codename="final")
    for codename, how in tried:
        make_trial(version, codename, **how)

    text = pages.signed_in(make_admin()).get("admin.challenge", slug="tumours").text

    assert sentence in text


def test_a_version_without_a_trial_can_be_approved_all_the_same(pages, version):
    admin = pages.signed_in(make_admin())

    answer = admin.post("admin.set_approval", {"version": str(version.id), "on": "1"}, slug="tumours")

    assert answer.status_code == 303
    assert challenges.by_slug("tumours").is_approved


def test_the_table_answers_304_until_something_changes(host, version):
    made = make_trial(version, status=SubmissionStatus.RUNNING).id
    first = host.get("trials.rows", **ADDRESS)
    unchanged = host.get("trials.rows", **ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    db.session.get(Trial, made).status = SubmissionStatus.FINISHED
    db.session.commit()

    after = host.get("trials.rows", **ADDRESS, headers={"If-None-Match": first.headers["ETag"]})

    assert (unchanged.status_code, after.status_code) == (304, 200)
    assert "data-live=" in first.text
    assert "data-live=" not in after.text


def test_phases_are_those_of_the_version_and_not_what_is_live(host):
    config = changed("name: Dev Phase", "name: Dev 1")
    upload(host, zip_of(challenge_files(config)))
    found = challenges.by_slug("tumour-challenge")
    found.phases[0].name = "Edited since"
    db.session.commit()

    phase = trial_queries.phases_of(found.version)[0]

    assert phase.name == "Dev 1"
    assert phase.annotation_key == found.phases[0].annotation_key
    assert phase.boards[0].labels == ("AUC", "F1")


# -- seeing it as participants will ------------------------------------------------------------------------------------


def test_a_host_sees_a_draft_with_a_participants_eyes_and_leaves_by_the_bar(host, pages, version):
    make_phase(version.challenge, codename="secret", is_public=False, name="Hosts' own phase")
    slug = version.challenge.slug
    assert "own phase" in host.get("challenges.phases", slug=slug).text

    answer = host.post("hosting.set_preview", {"on": "1"}, slug=slug, follow=True)
    phases = host.get("challenges.phases", slug=slug).text

    assert "You see it as participants will." in answer.text
    assert "Waiting for approval" not in answer.text
    assert "own phase" not in phases
    assert f"/challenges/{slug}/manage/preview" in phases
    assert pages.get("challenges.show", slug=slug).status_code == 404
    assert "own phase" in host.get("hosting.show", slug=slug).text

    host.post("hosting.set_preview", {"on": ""}, slug=slug)

    assert "You see it as participants will." not in host.get("challenges.phases", slug=slug).text


def test_a_preview_hides_the_boards_that_participants_do_not_see(host, version):
    private = version.challenge.phases[0].splits[0]
    private.visibility = 1
    db.session.commit()
    address = {"phase_split_id": private.id}
    assert host.get("leaderboards.rows", **address).status_code == 200

    host.post("hosting.set_preview", {"on": "1"}, slug="tumours")

    assert host.get("leaderboards.rows", **address).status_code == 404
    assert host.get("leaderboards.show", slug="tumours").status_code == 200


def test_a_preview_of_one_challenge_is_none_of_another(host, hana, version):
    make_challenge("Second", host=hana, is_approved=False)

    host.post("hosting.set_preview", {"on": "1"}, slug="tumours")

    assert "You see it as participants will." not in host.get("challenges.show", slug="second").text
