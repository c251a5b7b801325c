"""From the file to the score in a real browser: choose or drop, watch it travel, watch the page finish by itself."""

import re

import pytest
from babel.support import Translations
from playwright.sync_api import expect

from app.web.filters import filesize
from tests.browser.conftest import PHONE, sign_up
from tests.journeys.challenges import sample, tumour_predictions
from tests.journeys.installation import ROOT
from tests.journeys.visitor import PASSWORD

pytestmark = pytest.mark.browser

SLOW_BYTES_A_SECOND = 2000
SPEED = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW_BYTES_A_SECOND}


def file_of(name, content):
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def words(language):
    """Return how Shiai says its English sentences in this language."""
    return Translations.load(ROOT / "app/translations", [language]).gettext


@pytest.fixture
def newcomer(company, request):
    """Sign up somebody who has taken part in nothing yet; return the name."""
    name = f"Newcomer{len(company.people)}"
    sign_up(company, name)
    return name


@pytest.mark.parametrize("language", ["en", "ja"])
def test_somebody_joins_submits_and_sees_the_score_in_either_language(open_page, company, newcomer, size, language):
    page = open_page(f"/challenges/{company.tumours}", by=newcomer, size=size)
    say = words(language)
    if language == "ja":
        page.locator("button[name=language][value=ja]").click()
        assert say("Submit") != "Submit"
    expect(page.locator("html")).to_have_attribute("lang", language)

    page.get_by_role("link", name=say("Take part"), exact=True).click()
    page.locator("#alone-accepts_rules").check()
    page.get_by_role("button", name=say("Take part alone")).click()
    page.locator("input[type=file]").set_input_files([file_of("mine.csv", tumour_predictions(wrong=7))])
    expect(page.locator(".chosen")).to_contain_text("mine.csv")
    page.locator("#method_name").fill("Handmade 手作り")
    page.locator("#submit-form button.primary").click()

    page.wait_for_url(re.compile(r"/submissions/\d+$"))
    status = page.locator("#submission-status")
    expect(status.locator(".badge")).to_have_text(say("Finished"))
    expect(status.locator("dd.num")).to_have_text(re.compile(r"^0\.\d{4} ± 0\.\d{4}\s*$"))
    expect(status).not_to_have_attribute("data-live", re.compile(".*"))
    expect(page.get_by_text("Handmade 手作り")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_file_can_be_dropped_and_its_way_is_shown(open_page, company, tmp_path):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Bob")
    path = tmp_path / "dropped.csv"
    path.write_bytes(tumour_predictions(wrong=11))
    drop(page, path)
    expect(page.locator(".chosen")).to_contain_text("dropped.csv")
    progress = page.locator("[data-upload-progress]")
    expect(progress).to_be_hidden()
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SPEED)

    page.locator("#submit-form button.primary").click()

    expect(progress).to_be_visible()
    expect(progress.locator("progress")).to_be_visible()
    expect(progress).to_contain_text(re.compile(r"Sending: .+ of .+|Arrived"))
    expect(page.locator("#submit-form button.primary")).to_be_disabled()
    page.wait_for_url(re.compile(r"/submissions/\d+$"))
    expect(page.locator("#submission-status .badge")).to_have_text("Finished")


def test_two_dropped_files_are_refused_rather_than_one_forgotten(open_page, company, tmp_path):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Bob")
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path in paths:
        path.write_bytes(tumour_predictions(wrong=12))

    drop(page, *paths)

    expect(page.get_by_role("alert")).to_contain_text("Send one file at a time")
    expect(page.locator(".chosen")).to_be_empty()


def drop(page, *paths):
    """Drop files from the desktop onto the drop area, as the operating system does."""
    box = page.locator(".dropzone").bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})


def test_a_wrong_file_is_refused_in_the_page_before_it_travels(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Bob")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("input[type=file]").set_input_files([file_of("mine.exe", b"x")])

    page.locator("#submit-form button.primary").click()

    expect(page.locator("[data-dropzone] [role=alert]")).to_contain_text("not one of the types accepted here: .csv")
    expect(page.locator("input[type=file]")).to_be_focused()
    assert sent == []


def test_what_the_server_refuses_comes_back_into_the_form(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Bob")
    page.locator("#method_name").evaluate("field => { field.value = 'x'.repeat(300); }")
    page.locator("input[type=file]").set_input_files([file_of("mine.csv", tumour_predictions(wrong=7))])

    page.locator("#submit-form button.primary").click()

    expect(page.locator("#method_name")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#submit-form button.primary")).to_be_enabled()
    assert page.url.endswith("/submit/dev")
    open_page.expect_complaint("422")


def test_a_form_sent_signed_out_comes_back_with_its_text_after_signing_in(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Charlie")
    page.locator("#method_name").fill("Handmade 手作り")
    page.locator("#method_description").fill("two\nlines")
    page.locator("input[type=file]").set_input_files([file_of("mine.csv", tumour_predictions(wrong=7))])
    page.context.clear_cookies()

    page.locator("#submit-form button.primary").click()
    alert = page.locator("[data-dropzone] [role=alert]")
    expect(alert).to_contain_text("the file was not kept")
    open_page.expect_complaint("401")
    alert.get_by_role("link", name="Sign in").click()
    page.locator("#who").fill("Charlie")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.primary").click()

    expect(page.locator("#method_name")).to_have_value("Handmade 手作り")
    expect(page.locator("#method_description")).to_have_value("two\nlines")
    expect(page.locator("[data-dropzone] [role=alert]")).to_contain_text("choose it again")


def test_the_page_writes_a_size_as_the_server_does(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Bob")

    for weight in (1023, 1024, 1536, 1_500_000):
        page.locator("input[type=file]").set_input_files([file_of("mine.csv", b"x" * weight)])

        expect(page.locator(".chosen .size")).to_have_text(filesize(weight))


def test_a_submission_that_fails_says_so_in_its_open_page(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Bob")
    page.locator("input[type=file]").set_input_files([file_of("mine.csv", b"id,probability\nt0250,perhaps\n")])

    page.locator("#submit-form button.primary").click()

    expect(page.locator("#submission-status .badge")).to_have_text("Failed")
    expect(page.locator("#submission-status .reason")).to_contain_text("“perhaps” is not a number")


def test_a_bundle_with_mistakes_lists_them_all_in_the_page_and_a_sound_one_goes_on(open_page, company, size):
    page = open_page("/hosting/new", by="Hana", size=size)
    page.locator("input[type=file]").set_input_files([file_of("challenge.zip", b"no zip at all")])
    page.locator("#bundle-form button.primary").click()

    expect(page.locator("#bundle-form .problem").first).to_be_visible()
    expect(page.get_by_role("heading", name="This bundle cannot be imported yet")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    open_page.expect_complaint("422")


def test_the_list_of_my_submissions_finishes_by_itself(open_page, company):
    alice = company.people["Alice"]
    alice.submit(company.diabetes, "main", *sample("diabetes-rmse"))

    page = open_page(f"/challenges/{company.diabetes}/submissions", by="Alice")

    expect(page.locator("#my-submissions tbody tr").first.locator(".badge").first).to_have_text("Finished")


def test_on_a_phone_several_of_my_submissions_are_seen_at_once_and_the_rest_unfolds(open_page, company):
    alice = company.people["Alice"]
    note = "A long note about what was done. " * 20
    path = alice.submit(company.tumours, "dev", "a.csv", tumour_predictions(wrong=9), method_description=note)
    alice.wait_for(path)

    page = open_page(f"/challenges/{company.tumours}/submissions", by="Alice", size=PHONE, script=False)
    card = page.locator("#my-submissions tbody tr").first

    # number, state, score, moment and the two things to decide: a fourth of the screen
    assert card.bounding_box()["height"] <= PHONE[1] / 4
    for part in (".badge", ".scores", "time"):
        expect(card.locator(part).first).to_be_visible()
    expect(card.get_by_text("A long note")).to_be_hidden()
    card.get_by_text("More").click()
    expect(card.get_by_text("A long note")).to_be_visible()
