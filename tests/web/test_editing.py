"""Hosts edit a challenge that is here: forms filled with what is there, refusals beside the field, nothing lost."""

import re
from datetime import UTC, datetime

import pytest

from app.extensions import writing
from app.queries import challenges
from tests.bundles.builders import challenge_files, changed, zip_of
from tests.factories import make_board, make_challenge, make_host
from tests.journeys.visitor import Page
from tests.web.test_hosting import upload


@pytest.fixture
def hana(site):
    return make_host(timezone="Asia/Tokyo")


@pytest.fixture
def challenge(hana):
    return make_challenge("Tumours", host=hana, start_at=datetime(2026, 1, 1, 15, tzinfo=UTC))


def form_of(answer, path):
    """Return what a browser would send if the form of a page were sent as it stands."""
    page = Page()
    page.feed(answer.text)
    fields = next(form for form in page.forms if form.action == path).fields
    # browsers leave out the line break with which a text area begins
    return {name: values[0].removeprefix("\r\n") for name, values in fields.items()}


def filled(browser, endpoint, **values):
    """Open a form and return what a browser would send without a change."""
    return form_of(browser.get(endpoint, **values), browser.path(endpoint, **values))


def test_a_form_is_filled_with_what_is_there_in_the_hosts_own_time(host, challenge):
    sent = filled(host, "editing.challenge", slug="tumours")

    assert (sent["title"], sent["start_at"]) == ("Tumours", "2026-01-02T00:00:00")


def test_what_is_saved_unchanged_stays_exactly_what_it_was(host, challenge):
    with writing():
        challenge.start_at = datetime(2026, 1, 1, 15, 0, 0, 500, tzinfo=UTC)
        challenge.tags = ["a, b", "c"]

    answer = host.post("editing.challenge", filled(host, "editing.challenge", slug="tumours"), slug="tumours")

    found = challenges.by_slug("tumours")
    assert answer.status_code == 303
    assert (found.start_at.microsecond, found.tags) == (500, ["a, b", "c"])


def test_dates_are_read_on_the_hosts_clock_and_hold_at_once(host, challenge):
    sent = filled(host, "editing.challenge", slug="tumours") | {"end_at": "2031-02-03T09:00", "tags": "x, y"}

    answer = host.post("editing.challenge", sent, follow=True, slug="tumours")

    found = challenges.by_slug("tumours")
    assert "Saved." in answer.text
    assert found.end_at == datetime(2031, 2, 3, 0, 0, tzinfo=UTC)
    assert found.tags == ["x", "y"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "Please fill this in."),
        ({"title": "a\u202eb"}, "hidden character U+202E"),
        ({"title": "x" * 201}, "Use at most 200."),
        ({"start_at": "tomorrow"}, "Write a date and a time"),
        ({"end_at": "2020-01-01T00:00"}, "The end is before the start"),
        ({"end_at": "9999-01-01T00:00"}, "Use a year from 1970 to 2999"),
        ({"max_team_members": "many"}, "Write a whole number"),
        ({"max_team_members": "0"}, "Write a whole number from 1 to 2147483647."),
        ({"tags": "x" * 101}, "Use at most 100."),
    ],
)
def test_what_cannot_be_accepted_is_said_and_what_was_typed_stays(host, challenge, change, sentence):
    sent = filled(host, "editing.challenge", slug="tumours") | {"short_description": "typed"} | change

    answer = host.post("editing.challenge", sent, slug="tumours")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert form_of(answer, host.path("editing.challenge", slug="tumours"))["short_description"] == "typed"
    assert challenges.by_slug("tumours").short_description != "typed"


def test_the_second_of_two_hosts_hears_of_the_first_and_can_still_save(host, challenge):
    first = filled(host, "editing.challenge", slug="tumours") | {"title": "First"}
    second = first | {"title": "Second"}
    host.post("editing.challenge", first, slug="tumours")

    answer = host.post("editing.challenge", second, slug="tumours")

    assert answer.status_code == 409
    assert "Somebody changed this" in answer.text
    assert challenges.by_slug("tumours").title == "First"
    again = second | {"seen": form_of(answer, host.path("editing.challenge", slug="tumours"))["seen"]}
    assert host.post("editing.challenge", again, slug="tumours").status_code == 303
    assert challenges.by_slug("tumours").title == "Second"


def test_a_page_is_edited_as_html_and_shown_without_its_scripts(host, challenge):
    sent = filled(host, "editing.text", slug="tumours", name="rules")
    sent["html"] = "<p>Be fair.</p>\r\n<script>alert(1)</script>"

    host.post("editing.text", sent, slug="tumours", name="rules")

    assert challenges.by_slug("tumours").terms_and_conditions == "<p>Be fair.</p>\n<script>alert(1)</script>"
    shown = host.get("challenges.rules", slug="tumours")
    assert "Be fair." in shown.text
    assert "alert(1)" not in shown.text


def test_limits_file_types_and_flags_of_a_phase_hold_at_once(host, challenge):
    sent = filled(host, "editing.phase", slug="tumours", codename="dev")
    sent |= {"max_submissions_per_day": "7", "allowed_submission_file_types": "CSV, *.npz", "is_submission_paused": "y"}

    answer = host.post("editing.phase", sent, slug="tumours", codename="dev")

    phase = challenges.by_slug("tumours").phases[0]
    assert answer.status_code == 303
    assert (phase.max_submissions_per_day, phase.allowed_submission_file_types) == (7, [".csv", ".npz"])
    assert phase.is_submission_paused
    assert phase.is_public


def test_a_file_type_that_no_file_can_have_is_refused(host, challenge):
    sent = filled(host, "editing.phase", slug="tumours", codename="dev") | {"allowed_submission_file_types": ".c/v"}

    answer = host.post("editing.phase", sent, slug="tumours", codename="dev")

    assert (answer.status_code, "is not a file type" in answer.text) == (422, True)


def test_a_board_is_shown_with_other_decimals_and_by_the_latest_submission(host, challenge):
    split = challenge.phases[0].splits[0]
    sent = filled(host, "editing.board", slug="tumours", phase_split_id=split.id)
    assert sent["by_latest"] == "0"

    host.post("editing.board", sent | {"by_latest": "1", "decimals": "6"}, slug="tumours", phase_split_id=split.id)

    found = challenges.phase_split(split.id)
    assert (found.by_latest, found.decimals) == (True, 6)


def test_the_board_of_another_challenge_is_not_reached_through_ones_own(host, challenge):
    other = make_challenge("Other")

    assert host.get("editing.board", slug="tumours", phase_split_id=other.phases[0].splits[0].id).status_code == 404


def test_every_field_of_a_version_is_shown_with_what_was_edited_since(host):
    config = changed("published: True", "published: True\nodd_key: 7\nforum_url: https://forum.example")
    upload(host, zip_of(challenge_files(config)))
    found = challenges.by_slug("tumour-challenge")
    with writing():
        found.phases[0].max_submissions_per_day = 9

    shown = host.get("contents.show", slug="tumour-challenge", number=1)

    plain = (
        " ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr>(.*?)</tr>", shown.text, re.DOTALL)
    )
    rows = {row.partition(" ")[0]: row for row in plain}
    assert rows["odd_key"] == "odd_key 7 not a known key; kept"
    assert rows["forum_url"] == "forum_url https://forum.example kept; nothing acts on it yet"
    assert rows["max_submissions_per_day"] == "max_submissions_per_day 9 uploaded as: 5"


def test_a_challenge_from_before_specs_were_kept_shows_what_its_rows_say(host, challenge):
    make_board(challenge.phases[0], split="private")

    shown = host.get("contents.show", slug="tumours", number=1)

    assert shown.status_code == 200
    assert "challenge_phase_splits[dev, private]" in shown.text
