"""With JavaScript switched off everything is still there: the form is a form, the board a page, the switch a button."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PATIENCE_MS
from tests.journeys.challenges import sample
from tests.journeys.visitor import PASSWORD

pytestmark = pytest.mark.browser


def test_somebody_signs_in_joins_submits_and_reads_the_board(open_page, company, size):
    name = "Charlie" if size == DESKTOP else "Bob"
    page = open_page("/sign-in", script=False, size=size)
    page.locator("#who").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.primary").click()
    page.goto(f"/challenges/{company.digits}/join")
    page.locator("#alone-accepts_rules").check()
    page.locator("form[action$='/join/alone'] button").click()
    file_name, content = sample("digits-ranking")
    file = {"name": file_name, "mimeType": "application/json", "buffer": content}
    page.locator("input[type=file]").set_input_files([file])

    page.locator("#submit-form button.primary").click()

    page.wait_for_url(re.compile(r"/submissions/\d+$"))
    # the page asks for itself again
    expect(page.locator("#submission-status .badge")).to_have_text("Finished", timeout=PATIENCE_MS)
    page.goto(f"/challenges/{company.digits}/leaderboard")
    expect(page.locator("tr.own .name")).to_have_text(name)
    page.get_by_role("link", name="F1@10").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("F1@10")


def test_controls_that_need_script_are_not_shown(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/leaderboard", script=False)

    expect(page.locator("[data-theme-switch]")).to_be_hidden()
    expect(page.locator("[data-live-pause]")).to_be_hidden()


def test_the_approval_switch_is_a_form_that_comes_back_to_the_challenge(open_page, company):
    page = open_page(f"/admin/challenges/{company.waiting}", by="Ada", script=False)
    switch = page.locator("[role=switch][id^=approval]")

    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()

    expect(switch).to_have_attribute("aria-checked", "false")
