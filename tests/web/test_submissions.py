"""Sending a file in the browser, following it, choosing what the board shows."""

import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app.evaluation.outcome import Failed
from app.extensions import db, queue, store
from app.models.submissions import Submission
from app.rules.failures import FAILURES, FailureCode
from app.rules.sentences import sentence
from app.rules.states import SubmissionStatus
from app.services import outcomes, runs
from app.web.forms.attributes import field_name
from tests.factories import (
    make_board,
    make_scored,
    make_submission,
    make_team,
    scored,
)

KEY = "a form key of this page"


def send(browser, *, name="guess.csv", content=b"id,score\n1,0.5\n", key=KEY, codename="dev", **fields):
    data = {"file": (io.BytesIO(content), name), "form_key": key, **fields}
    return browser.post("sending.send", data, slug="tumours", codename=codename)


def only_one():
    return db.session.scalars(select(Submission)).one()


def count():
    return db.session.scalar(select(func.count()).select_from(Submission))


# -- the form ----------------------------------------------------------------------------------------------------------


def test_a_file_sent_leads_to_its_own_page_and_rings_the_bell(bob):
    queue.flush()

    answer = send(bob, method_name="trees", method_description="300 of them")

    made = only_one()
    assert (answer.status_code, answer.location) == (303, f"/submissions/{made.id}")
    assert (made.method_name, made.method_description) == ("trees", "300 of them")
    assert queue.pending_count() == 1
    assert "It is next" in bob.get_path(answer.location).text


def test_the_second_click_shows_the_first_submission(bob):
    first, second = send(bob), send(bob)

    assert first.location == second.location
    assert count() == 1


def test_the_form_says_what_is_left(bob, phase, team):
    make_submission(phase, team)

    text = bob.get("sending.new_to", slug="tumours", codename="dev").text

    assert "4 / 5" in text
    assert "49 / 50" in text
    assert "2 / 3" in text
    assert KEY not in text


def test_every_form_has_a_key_of_its_own(bob):
    pages = [bob.get("sending.new_to", slug="tumours", codename="dev").text for _ in range(2)]
    keys = [re.search(r'name="form_key"[^>]*value="([^"]+)"', text)[1] for text in pages]

    assert keys[0] != keys[1]
    assert len(keys[0]) >= 16


@pytest.mark.parametrize(
    ("what", "status", "sentence"),
    [
        ({"content": b""}, 422, "The file is empty"),
        ({"name": "guess.exe"}, 422, "guess.exe is not accepted here. This phase accepts .csv"),
        ({"name": "<img src=x onerror=alert(1)>.exe"}, 422, "is not accepted here"),
    ],
)
def test_a_file_that_cannot_be_taken_comes_back_with_a_sentence(bob, what, status, sentence):
    answer = send(bob, **what)

    assert answer.status_code == status
    assert sentence in answer.text
    assert "<img src=x" not in answer.text
    assert count() == 0
    assert list(store.parts.iterdir()) == []


def test_a_form_without_a_file_says_so(bob):
    answer = bob.post("sending.send", {"form_key": KEY}, slug="tumours", codename="dev")

    assert answer.status_code == 422
    assert "Choose a file" in answer.text


@pytest.mark.parametrize("key", ["", "short", "x" * 200])
def test_a_form_key_that_no_page_made_is_refused(bob, key):
    assert send(bob, key=key).status_code == 422
    assert count() == 0


def test_a_closed_phase_says_so_on_the_page_and_to_who_sends_all_the_same(bob, phase):
    phase.end_at = app_clock.now() - timedelta(seconds=1)
    db.session.commit()

    assert "This phase is closed" in bob.get("sending.new_to", slug="tumours", codename="dev").text
    answer = send(bob)
    assert answer.status_code == 403
    assert "is closed at the moment" in answer.text


def test_a_challenge_that_is_over_closes_its_phases_on_the_page_too(bob, challenge):
    challenge.end_at = app_clock.now() - timedelta(seconds=1)
    db.session.commit()

    assert "This phase is closed" in bob.get("sending.new_to", slug="tumours", codename="dev").text


def test_a_used_up_quota_is_429_with_the_sentence(bob, phase):
    phase.max_submissions = 1
    db.session.commit()
    send(bob)

    answer = send(bob, key="another form key of a page", content=b"another")

    assert answer.status_code == 429
    assert "used all submissions" in answer.text


def test_fields_that_nobody_offered_change_nothing(bob, team):
    extra = {"status": "finished", "score": "1", "team_id": "99", "submitted_at": "2000-01-01", "is_baseline": "1"}

    send(bob, **extra)

    made = only_one()
    assert (made.status, made.team_id, made.is_baseline) == (SubmissionStatus.QUEUED, team.id, False)
    assert made.submitted_at.year > 2000


@pytest.mark.parametrize("text", ["x" * 2001, "<b>bold</b>"])
def test_what_is_written_beside_the_file_is_bounded_and_shown_as_text(bob, text):
    answer = send(bob, method_description=text)

    if len(text) > 2000:
        assert answer.status_code == 422
    else:
        assert "&lt;b&gt;bold" in bob.get_path(answer.location).text


ASKED = [
    {"name": "Model", "type": "radio", "options": ["tree", "net"], "required": True},
    {"name": "Data used", "type": "checkbox", "options": ["a", "b"], "required": False},
    {"name": "Public code", "type": "boolean"},
    {"name": "Remark", "type": "text"},
]


def answers(said):
    """Return answers under the names of their fields."""
    return {field_name(question): answer for question, answer in said.items()}


def test_a_form_that_was_open_while_the_questions_changed_answers_none_of_the_new_ones(bob, phase):
    phase.submission_meta_attributes = [{"name": "Team size", "type": "text"}, {"name": "Remark", "type": "text"}]
    db.session.commit()
    opened = answers({"Team size": "3", "Remark": "quick"})
    phase.submission_meta_attributes = [{"name": "Remark", "type": "text"}, {"name": "Budget", "type": "text"}]
    db.session.commit()

    send(bob, **opened)

    assert {it["name"]: it["value"] for it in only_one().attributes} == {"Remark": "quick", "Budget": ""}


def test_the_attributes_a_phase_asks_for_are_kept_in_evalais_shape(bob, phase):
    phase.submission_meta_attributes = ASKED
    db.session.commit()

    answer = send(bob, **answers({"Model": "tree", "Data used": ["a", "b"], "Public code": "y", "Remark": "quick"}))

    assert answer.status_code == 303
    for page in (bob.get_path(answer.location), bob.get("submissions.mine", slug="tumours")):
        assert "a, b" in page.text
    kept = {it["name"]: it.get("values", it.get("value")) for it in only_one().attributes}
    assert kept == {"Model": "tree", "Data used": ["a", "b"], "Public code": "True", "Remark": "quick"}


@pytest.mark.parametrize("given", [{}, {"Model": "neither"}, {"Model": "tree", "Data used": "unknown"}], ids=str)
def test_a_required_attribute_and_only_known_choices(bob, phase, given):
    phase.submission_meta_attributes = ASKED
    db.session.commit()

    assert send(bob, **answers(given)).status_code == 422
    assert count() == 0


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//evil", "x"])
def test_addresses_of_projects_are_web_addresses(bob, phase, address):
    phase.default_submission_meta_attributes = [{"name": "project_url", "is_visible": True}]
    db.session.commit()

    assert send(bob, project_url=address).status_code == 422
    assert count() == 0


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename=evil.html.csv',
        "予測.csv",
        "x" * 300 + ".csv",
        "..\\..\\a.csv",
        "a;b.csv",
    ],
)
def test_a_files_name_comes_back_in_one_safe_header(bob, name):
    send(bob, name=name)

    answer = bob.get("submissions.file", submission_id=only_one().id)

    disposition = answer.headers["Content-Disposition"]
    assert answer.data == b"id,score\n1,0.5\n"
    assert disposition.startswith("attachment")
    assert "\n" not in disposition
    assert "Set-Cookie" not in answer.headers
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_file_that_the_disk_lost_is_told_as_missing_with_whom_to_tell(bob, caplog):
    send(bob)
    store.discard(only_one().file_key)

    answer = bob.get("submissions.file", submission_id=only_one().id)

    assert answer.status_code == 410
    assert "This file is missing on the server&#39;s disk. Tell the administrator." in answer.text
    assert "a kept file is missing" in caplog.text


# -- the live page -----------------------------------------------------------------------------------------------------


def status_of(browser, made, **options):
    return browser.get("submissions.status", submission_id=made.id, **options)


def test_a_waiting_submission_asks_again_and_says_its_place(bob, challenge, phase, team):
    make_submission(phase, make_team(challenge))
    make_submission(phase, make_team(challenge))
    made = make_submission(phase, team)

    text = status_of(bob, made).text

    assert "Place 3 in the queue" in text
    assert "data-live" in text


def test_a_running_one_says_since_when_and_a_finished_one_stops_asking(bob, phase, team):
    made = make_submission(phase, team)
    runs.claim_next(worker="w", now=app_clock.now())
    running = status_of(bob, made).text
    outcomes.record(made.id, attempt=1, outcome=scored({"test_split": {"AUC": 0.91234567}}), now=app_clock.now())
    finished = status_of(bob, made).text

    assert "Being evaluated since <time" in running
    assert "data-live" in running
    assert "data-live" not in finished
    assert "0.9123" in finished
    assert "0.91234" not in finished


def test_without_script_the_page_of_a_submission_loads_again_until_it_is_over(bob, phase, team):
    again = '<noscript><meta http-equiv="refresh" content="5"></noscript>'
    made = make_submission(phase, team)
    waiting = bob.get("submissions.show", submission_id=made.id).text
    over = make_scored(phase, team, {"AUC": 0.5})

    assert again in waiting.partition("</head>")[0]
    assert "http-equiv" not in bob.get("submissions.show", submission_id=over.id).text


def test_the_button_to_cancel_goes_when_the_submission_ends_without_a_reload(bob, phase, team):
    made = make_submission(phase, team)
    waiting = status_of(bob, made).text
    runs.claim_next(worker="w", now=app_clock.now())
    outcomes.record(made.id, attempt=1, outcome=scored({"test_split": {"AUC": 0.9}}), now=app_clock.now())

    finished = status_of(bob, made).text

    assert "Cancel this submission" in waiting
    assert "Cancel this submission" not in finished


@pytest.mark.parametrize("code", [it for it in FailureCode if it is not FailureCode.CANCELLED])
def test_a_failed_one_says_a_sentence_and_whether_it_counts_and_never_why_inside(bob, phase, team, code):
    made = make_submission(phase, team, status=SubmissionStatus.RUNNING)
    outcomes.record(made.id, attempt=1, outcome=Failed(code=code, detail="SECRET labels"), now=app_clock.now())

    text = bob.get("submissions.show", submission_id=made.id).text

    assert FAILURES[code].participant.split(".")[0] in text
    assert ("It counts towards your limit" in text) is FAILURES[code].counts
    assert "SECRET" not in text
    assert "Traceback" not in text


def test_an_unchanged_state_answers_304_and_a_changed_one_does_not(bob, phase, team):
    made = make_submission(phase, team)
    first = status_of(bob, made)
    tag = {"If-None-Match": first.headers["ETag"]}

    assert status_of(bob, made, headers=tag).status_code == 304
    runs.claim_next(worker="w", now=app_clock.now())
    assert status_of(bob, made, headers=tag).status_code == 200


def test_the_list_of_mine_is_live_while_something_runs(bob, phase, team):
    made = make_submission(phase, team)
    rows = bob.get("submissions.mine_rows", slug="tumours")
    assert "data-live" in rows.text
    tag = {"If-None-Match": rows.headers["ETag"]}
    assert bob.get("submissions.mine_rows", slug="tumours", headers=tag).status_code == 304

    bob.post("submissions.cancel", submission_id=made.id)

    after = bob.get("submissions.mine_rows", slug="tumours", headers=tag)
    assert after.status_code == 200
    assert "data-live" not in after.text


def test_a_long_list_has_pages_and_no_page_number_breaks_it(bob, phase, team):
    for _ in range(52):
        make_submission(phase, team)

    assert "Older" in bob.get("submissions.mine", slug="tumours").text
    second = bob.get("submissions.mine", slug="tumours", page=2).text
    assert second.count('id="submission-') == 2
    for page in ("0", "-1", "x"):
        assert bob.get("submissions.mine", slug="tumours", page=page).status_code == 200


@pytest.mark.parametrize("number", ["3", "99999", "99999999999999999999"])
def test_a_page_after_the_last_leads_to_the_last(pages, bob, challenge, phase, team, number):
    for _ in range(52):
        make_submission(phase, team)
    host = pages.signed_in(challenge.hosts[0].account)

    mine = bob.get("submissions.mine", slug="tumours", page=number, follow=True)
    everybodys = host.get("hosting.all_submissions", slug="tumours", page=number, follow=True)

    assert [len(re.findall(r'href="/submissions/\d+"', it.text)) for it in (mine, everybodys)] == [2, 2]


def test_where_nothing_is_sent_every_page_number_says_so(bob):
    assert "Nothing sent yet" in bob.get("submissions.mine", slug="tumours", page=7, follow=True).text


def test_cancelling_twice_is_no_error(bob, phase, team):
    made = make_submission(phase, team)

    for _ in range(2):
        assert bob.post("submissions.cancel", submission_id=made.id).status_code == 303

    assert db.session.get(Submission, made.id).status is SubmissionStatus.CANCELLED


def test_signed_out_a_file_is_refused_with_the_way_back_to_its_form(pages, phase):
    form = "http://localhost/challenges/tumours/submit/dev"
    data = {"file": (io.BytesIO(b"x"), "guess.csv"), "form_key": KEY}

    answer = pages.post("sending.send", data, slug="tumours", codename="dev", headers={"Referer": form})

    assert answer.status_code == 401
    assert "the file was not kept" in answer.text
    assert 'href="/sign-in?next=/challenges/tumours/submit/dev"' in answer.text


def test_signs_that_would_turn_text_around_do_not_get_in(bob):
    send(bob, method_name="trees\u202e\nand \u200bmore", method_description="\u2067one\r\ntwo\x07\x1b[0m")

    made = only_one()
    assert (made.method_name, made.method_description) == ("trees and more", "one\ntwo[0m")


# -- scores and boxes --------------------------------------------------------------------------------------------------


def test_scores_of_a_hosts_split_are_not_on_any_page_of_the_team(bob, phase, team):
    make_board(phase, split="private", visibility=1)
    made = make_scored(phase, team, {"test_split": {"AUC": 0.5}, "private": {"AUC": 0.777}})

    for page in (
        bob.get("submissions.show", submission_id=made.id),
        bob.get("submissions.mine", slug="tumours"),
        status_of(bob, made),
    ):
        assert "0.5000" in page.text
        assert "0.777" not in page.text


def test_a_result_that_repeats_hidden_scores_is_for_hosts_and_any_other_is_the_teams(bob, phase, team):
    result = json.dumps({"test_split": {"AUC": 0.5}})
    open_to_all = make_scored(phase, team, {}, outcome=scored({"test_split": {"AUC": 0.5}}, submission_result=result))

    answer = bob.get("submissions.result", submission_id=open_to_all.id)
    assert json.loads(answer.data) == {"test_split": {"AUC": 0.5}}
    assert answer.headers["Content-Disposition"].startswith("attachment")

    make_board(phase, split="private", visibility=1)
    assert bob.get("submissions.result", submission_id=open_to_all.id).status_code == 404


def test_the_result_of_the_script_is_shown_with_its_download(bob, phase, team):
    made = make_scored(phase, team, {}, outcome=scored({"test_split": {"AUC": 0.5}}, submission_result='{"rows": 12}'))

    page = bob.get("submissions.show", submission_id=made.id)

    assert "&#34;rows&#34;: 12" in page.text
    assert f"/submissions/{made.id}/result.json" in page.text


def test_why_a_run_failed_is_told_to_the_host_in_the_hosts_language(pages, challenge, phase, team):
    made = make_submission(phase, team, status=SubmissionStatus.RUNNING, attempt=1)
    why = sentence("The split `%(split)s` leaves out the metric `%(label)s`.", split="<dev>", label="AUC")
    failure = Failed(code=FailureCode.BAD_RESULT, explanation=why, detail="stderr: no row 7")
    outcomes.record(made.id, attempt=1, outcome=failure, now=app_clock.now())

    host = pages.signed_in(challenge.hosts[0].account)
    page = host.get("submissions.show", submission_id=made.id, headers={"Accept-Language": "ja"}).text

    assert "データ分割<code>&lt;dev&gt;</code>に、評価指標<code>AUC</code>がありません。" in page
    assert "no row 7" in page
    team_page = pages.signed_in(team.members[0].account).get("submissions.show", submission_id=made.id)
    assert "no row 7" not in team_page.text


def test_the_box_shows_and_hides_at_once_with_and_without_htmx(bob, pages, phase, team):
    made = make_scored(phase, team, {"AUC": 0.5})
    assert "Bobcats" in pages.get("leaderboards.show", slug="tumours").text

    piece = bob.post("submissions.set_on_board", {"on": ""}, htmx=True, submission_id=made.id)
    assert 'aria-checked="false"' in piece.text
    assert "<html" not in piece.text
    assert "Bobcats" not in pages.get("leaderboards.show", slug="tumours").text

    assert bob.post("submissions.set_on_board", {"on": "1"}, submission_id=made.id).status_code == 303
    assert "Bobcats" in pages.get("leaderboards.show", slug="tumours").text


def test_where_the_host_decides_the_box_is_refused_and_the_form_has_none(bob, phase, team):
    phase.leaderboard_public = False
    db.session.commit()
    made = make_scored(phase, team, {"AUC": 0.5})

    assert bob.post("submissions.set_on_board", {"on": ""}, submission_id=made.id).status_code == 403
    assert "show_on_board" not in bob.get("sending.new_to", slug="tumours", codename="dev").text
    assert db.session.get(Submission, made.id).on_board
