"""The page that sends a file: what it says is allowed, pasted text, the same file again, late files."""

import hashlib
import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app.extensions import db, store
from app.models.submissions import Submission
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import admission
from tests.factories import make_phase, make_scored, make_submission, make_team

CONTENT = b"id,score\n1,0.5\n"
HASH = hashlib.sha256(CONTENT).hexdigest()
DEV = {"slug": "tumours", "codename": "dev"}


def form_key(number=1):
    return f"a form key of page {number}"


def send(browser, *, content=CONTENT, key=1, **fields):
    file = {"file": (io.BytesIO(content), "guess.csv")} if content is not None else {}
    return browser.post("sending.send", file | {"form_key": form_key(key), **fields}, **DEV)


def count():
    return db.session.scalar(select(func.count()).select_from(Submission))


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


# -- what is allowed ---------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_allowed_before_anything_is_chosen(bob, challenge, phase, team):
    challenge.timezone, phase.max_file_bytes = "America/New_York", 5 * 1024 * 1024
    db.session.commit()
    running = make_submission(phase, team, status=SubmissionStatus.RUNNING)

    said = words(bob.get("sending.new_to", **DEV))

    for piece in (
        "File types .csv",
        "Size at most 5 MB",
        "Left today 4 / 5",
        "Left this month 49 / 50",
        "Left in all 99 / 100",
        f"At the same time 2 / 3 Submission {running.number} Running",
        "Next submission possible now",
        "midnight in America/New_York",
        f"after {admission.FREE_FAILURES_A_DAY} of them in a day",
    ):
        assert piece in said
    assert said.index("File types") < said.index("File with your predictions")


def test_the_next_free_one_is_told_in_the_viewers_zone_and_the_challenges(bob, challenge, phase, team, clock):
    challenge.timezone, phase.max_submissions_per_day = "Asia/Tokyo", 1
    db.session.commit()
    make_submission(phase, team, status=SubmissionStatus.FINISHED)
    midnight = admission_day_end("Asia/Tokyo", clock.now())

    said = words(bob.get_path("/challenges/tumours/submit/dev?tz=Europe/Berlin"))

    assert f"{midnight:%H:%M} JST (Asia/Tokyo)" in said
    assert re.search(r"Next submission possible \d+ \w+ \d+, 1[67]:00 CES?T", said)


def admission_day_end(zone, now):
    local = now.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=1)).replace(hour=0, minute=0)


def test_what_waits_is_followed_and_nothing_else(bob, phase, team):
    assert "data-live" not in bob.get("sending.allowed", **DEV).text

    make_submission(phase, team)

    assert "data-live" in bob.get("sending.allowed", **DEV).text


def test_a_team_with_too_many_free_endings_is_told_when_it_may_go_on(bob, phase, team):
    at = app_clock.now() - timedelta(hours=1)
    for _ in range(admission.FREE_FAILURES_A_DAY):
        make_submission(
            phase, team, status=SubmissionStatus.FAILED, failure=FailureCode.INPUT, submitted_at=at, attributes=[]
        )

    answer = send(bob, content=b"another")

    assert "Next submission possible now" not in words(bob.get("sending.new_to", **DEV))
    assert answer.status_code == 429
    assert "20 submissions of your team failed or were cancelled" in answer.text
    assert 22 * 3600 < int(answer.headers["Retry-After"]) <= 23 * 3600


# -- pasted text -------------------------------------------------------------------------------------------------------


def test_pasted_text_becomes_the_file_with_the_line_ends_of_files(bob):
    answer = send(bob, content=None, pasted="id,score\r\n1,0.5\r\n", pasted_kind=".csv")

    made = db.session.scalars(select(Submission)).one()
    assert answer.status_code == 303
    assert (made.file_name, store.path(made.file_key).read_bytes()) == ("pasted.csv", CONTENT)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"pasted": "", "pasted_kind": ".csv"}, "Choose a file."),
        ({"pasted": "x", "pasted_kind": ".exe"}, "Not a valid choice"),
        ({"pasted": "x" * 1_000_001, "pasted_kind": ".csv"}, "too long to be pasted"),
    ],
)
def test_a_pasted_text_that_cannot_be_taken_is_refused(bob, fields, sentence):
    answer = send(bob, content=None, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert list(store.parts.iterdir()) == []


def test_a_long_text_is_taken_as_a_browser_without_scripts_sends_it(bob):
    fields = {"form_key": "k" * 24, "pasted": "x" * 999_000, "pasted_kind": ".csv"}
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{it}\r\n' for name, it in fields.items()]

    answer = bob.client.post(
        bob.path("sending.send", **DEV),
        data="".join([*parts, "--b--\r\n"]),
        content_type="multipart/form-data; boundary=b",
        headers={"X-CSRFToken": bob.csrf_token()},
    )

    assert answer.status_code == 303
    assert db.session.scalars(select(Submission)).one().size == 999_000


def test_a_phase_that_takes_no_text_offers_no_field_for_it(bob, phase):
    phase.allowed_submission_file_types = [".zip", ".npy"]
    db.session.commit()

    assert 'name="pasted"' not in bob.get("sending.new_to", **DEV).text
    assert send(bob, content=None, pasted="x", pasted_kind=".csv").status_code == 422


def test_a_file_over_the_phases_own_limit_is_refused_with_both_sizes(bob, phase):
    phase.max_file_bytes = 1024 * 1024
    db.session.commit()

    answer = send(bob, content=b"x" * (1024 * 1024 + 200_000))

    assert answer.status_code == 422
    assert "guess.csv is 1.2 MB; this phase accepts at most 1 MB" in answer.text


# -- the same file again -----------------------------------------------------------------------------------------------


def test_the_same_file_comes_back_with_its_score_and_a_button(bob, phase, team):
    first = make_scored(phase, team, {"AUC": 0.8123, "F1": 0.4}, content=CONTENT)

    answer = send(bob, method_name="trees")

    assert (answer.status_code, count()) == (409, 1)
    assert "Your team sent this same file on" in answer.text
    assert "AUC 0.8123" in words(answer)
    assert f'name="same_as" value="{first.id}"' in answer.text
    assert 'value="trees"' in answer.text


def test_the_button_sends_the_file_again_without_an_upload(bob, phase, team):
    first = make_scored(phase, team, {"AUC": 0.8, "F1": 0.4}, content=CONTENT)

    answer = send(bob, content=None, same_as=first.id, method_name="again")

    made = db.session.scalars(select(Submission).order_by(Submission.id.desc())).first()
    assert answer.location == f"/submissions/{made.id}"
    assert (made.number, made.method_name, made.file_name) == (2, "again", "guess.csv")
    assert store.path(made.file_key).read_bytes() == CONTENT


def test_a_file_of_another_team_or_phase_cannot_be_sent_again(bob, challenge, phase, team):
    rival = make_submission(phase, make_team(challenge), content=b"CANARY-OF-A-RIVAL")
    elsewhere = make_submission(make_phase(challenge, codename="other"), team)

    assert send(bob, content=None, same_as=rival.id).status_code == 404
    assert send(bob, content=None, same_as=elsewhere.id).status_code == 422
    assert count() == 2


def test_another_teams_same_file_is_never_recognised(bob, challenge, phase):
    """Neither by the form, nor before it is sent, nor by the shape of the answer."""
    make_scored(phase, make_team(challenge, name="CANARY-RIVAL"), {"AUC": 0.9, "F1": 0.4}, content=CONTENT)

    known, unknown = (bob.get("sending.same", digest=it, **DEV) for it in (HASH, "0" * 64))
    answer = send(bob)

    assert (known.status_code, known.data) == (unknown.status_code, unknown.data) == (204, b"")
    assert sorted(known.headers) == sorted(unknown.headers)
    assert answer.status_code == 303
    assert "CANARY-RIVAL" not in bob.get_path(answer.location).text


def test_a_browser_learns_of_the_same_file_before_it_sends_it(bob, phase, team):
    make_submission(phase, team, content=CONTENT)

    answer = bob.get("sending.same", digest=HASH.upper(), **DEV)

    assert "Your team sent this same file on" in answer.text
    assert "Queued" in answer.text
    assert "<html" not in answer.text


def test_a_score_that_the_host_keeps_is_not_told_by_the_same_file(bob, challenge, phase, team):
    phase.splits[0].visibility = 1
    db.session.commit()
    make_scored(phase, team, {"AUC": 0.8123, "F1": 0.4}, content=CONTENT)

    assert "0.8123" not in send(bob).text


# -- late --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def over(phase):
    phase.end_at = app_clock.now() - timedelta(minutes=5)
    db.session.commit()
    return phase


def test_after_the_end_the_page_says_that_files_are_scored_and_never_ranked(bob, over):
    over.accepts_late = True
    db.session.commit()

    page, answer = words(bob.get("sending.new_to", **DEV)), send(bob)

    assert "but never ranked" in page
    assert "Phase ended" in page
    for path in (answer.location, "/challenges/tumours/submissions"):
        assert "Late" in words(bob.get_path(path))
    made = db.session.scalars(select(Submission)).one()
    assert bob.post("submissions.set_on_board", {"on": "1"}, submission_id=made.id).status_code == 403


def test_a_file_that_comes_too_late_is_told_both_times(bob, over):
    answer = send(bob)

    assert answer.status_code == 403
    assert re.search(r"it ended at \d+ \w+ \d{4}, \d\d:\d\d UTC, and your file had arrived at", answer.text)


def test_a_phase_to_come_names_its_start(bob, phase):
    phase.start_at = datetime(2999, 1, 1, tzinfo=UTC)
    db.session.commit()

    assert "opens at 1 Jan 2999, 00:00 UTC" in send(bob).text
