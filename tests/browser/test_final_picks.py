"""From the file to the final pick and the board, in a real browser and in both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_submission import words
from tests.journeys.challenges import tumour_predictions

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "wrong", "size"), [("en", 6, DESKTOP), ("ja", 8, PHONE)])
def test_a_host_asks_for_picks_and_a_team_sends_picks_and_finds_itself_on_the_board(
    open_page, company, language, wrong, size
):
    say = words(language)
    hana = open_page(f"/challenges/{company.tumours}/manage/after-sending", by="Hana")
    hana.locator("input[name=final_picks][value='2']").first.check()
    hana.locator("form:has(input[name=final_picks]) button").first.click()
    expect(hana.locator("input[name=final_picks][value='2']").first).to_be_checked()
    charlie = company.people["Charlie"]
    made = charlie.submit(company.tumours, "dev", f"{language}.csv", tumour_predictions(wrong=wrong))
    charlie.wait_for(made)

    page = open_page(made, by="Charlie", size=size)
    if language == "ja":
        page.locator("button[name=language][value=ja]").click()
    pick = page.locator("form[action$='/pick'] button")
    expect(pick).to_have_attribute("aria-checked", "false")
    pick.click()
    expect(pick).to_have_attribute("aria-checked", "true")
    expect(page.locator("form[action$='/pick']")).to_contain_text(say("Final pick"))
    page.get_by_role("link", name=say("My submissions"), exact=True).click()
    expect(page.locator("form[action$='/pick'] button").first).to_have_attribute("aria-checked", "true")
    page.get_by_role("link", name=say("Finished"), exact=True).click()
    expect(page).to_have_url(re.compile("state=finished"))
    page.locator("form[action$='/pick'] button[aria-checked=true]").first.click()
    page.goto(f"/challenges/{company.tumours}/leaderboard")
    expect(page.locator("table.board")).to_contain_text("Charlie")
    if language == "ja":
        # an account keeps its language, and others sign in as Charlie too
        page.locator("button[name=language][value=en]").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
