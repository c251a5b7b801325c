"""Who signs out leaves nothing behind in the browser that the next person at the desk could look at."""

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import PASSWORD

pytestmark = pytest.mark.browser


def test_after_signing_out_the_back_button_shows_nothing(open_page, company):
    page = open_page("/sign-in")
    page.locator("#who").fill("Alice")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.primary").click()
    page.goto(company.submissions["failed"])
    expect(page.locator("#submission-status")).to_be_visible()

    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.go_back()

    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    expect(page.locator("#submission-status")).to_have_count(0)
    # an address may be kept, a page may not
    assert not [kept for kept in page.evaluate("Object.values(sessionStorage)") if "<" in kept]
