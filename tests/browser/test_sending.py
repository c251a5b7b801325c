"""Sending in a real browser: attributes, pasted text, and a file that was sent before, in either language."""

import re

import pytest
from babel.support import Translations
from playwright.sync_api import expect

from tests.browser.conftest import sign_up
from tests.journeys.challenges import tumour_predictions
from tests.journeys.installation import ROOT

pytestmark = pytest.mark.browser

PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
PASTE_FILE = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def words(language):
    """Return how Shiai says its English sentences in this language."""
    return Translations.load(ROOT / "app/translations", [language]).gettext


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_text_is_pasted_with_its_attributes_and_recognised_when_it_comes_again(open_page, company, size, language):
    name, say = f"Paster{len(company.people)}", words(language)
    sign_up(company, name).take_part(company.tumours)
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by=name, size=size)
    if language == "ja":
        page.locator("button[name=language][value=ja]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("#allowed")).to_contain_text("10 / 10")
    content = tumour_predictions(wrong=8).decode()

    page.evaluate(PASTE, content)
    expect(page.locator("#pasted")).to_have_value(content)
    page.get_by_label("Trees", exact=True).check()
    page.get_by_label("Scaled", exact=True).check()
    page.get_by_label("Selected", exact=True).check()
    page.locator("#submit-form button.primary").click()

    page.wait_for_url(re.compile(r"/submissions/\d+$"))
    expect(page.locator("#submission-status .badge").first).to_have_text(say("Finished"))
    for text in ("pasted.csv", "Trees", "Scaled, Selected"):
        expect(page.get_by_text(text, exact=True)).to_be_visible()
    score = page.locator("#submission-status dd.num").first.inner_text().split()[0]

    page.goto(f"/challenges/{company.tumours}/submit/dev")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(PASTE_FILE, ["again.csv", content])
    notice = page.locator("#same-file")
    expect(notice).to_contain_text(score)
    expect(page.locator(".chosen")).to_contain_text("again.csv")
    assert sent == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    notice.get_by_role("button", name=say("Submit it anyway")).click()
    page.wait_for_url(re.compile(r"/submissions/\d+$"))
    expect(page.locator("#submission-status .badge").first).to_have_text(say("Finished"))


def test_a_file_chosen_stays_chosen_when_the_server_refuses_something_else(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Bob")
    page.locator("#method_name").evaluate("field => { field.value = 'x'.repeat(300); }")
    page.evaluate(PASTE_FILE, ["mine.csv", tumour_predictions(wrong=13).decode()])

    page.locator("#submit-form button.primary").click()

    expect(page.locator("#method_name")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".chosen")).to_contain_text("mine.csv")
    page.locator("#method_name").fill("short")
    page.locator("#submit-form button.primary").click()
    page.wait_for_url(re.compile(r"/submissions/\d+$"))
    open_page.expect_complaint("422")


def test_the_same_file_again_comes_back_without_script_too(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/submit/dev", by="Charlie", script=False)
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": tumour_predictions(wrong=5)}
    page.locator("input[type=file]").set_input_files([file])

    page.locator("#submit-form button.primary").click()

    expect(page.locator("#same-file")).to_contain_text("Your team sent this same file on")
    page.get_by_role("button", name="Submit it anyway").click()
    page.wait_for_url(re.compile(r"/submissions/\d+$"))
    open_page.expect_complaint("409")
