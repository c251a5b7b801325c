"""A team is made, somebody is asked in and agrees, the team is handed over and left: in both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, sign_up

pytestmark = pytest.mark.browser
# the language to switch to (None: as it is), who founds, who is asked, the team, what its page says after inviting, and the screen
EN = (None, "Dora", "Emil", "The Foxes", "If there is somebody of this name", DESKTOP)
JA = ("ja", "Fumi", "Goro", "狐の会", "この名前の人がいれば", PHONE)


def opened(open_page, path, person, language, size):
    """Open a page and have it in a language."""
    page = open_page(path, by=person, size=size)
    if language:
        page.locator(f"button[name=language][value={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
    return page


@pytest.mark.parametrize(("language", "founder", "asked", "name", "sentence", "size"), [EN, JA], ids=["en", "ja"])
def test_a_team_is_made_and_joined_by_invitation(open_page, company, language, founder, asked, name, sentence, size):
    for person in (founder, asked):
        sign_up(company, person)
    there = f"/challenges/{company.diabetes}"
    page = opened(open_page, f"{there}/join", founder, language, size)
    form = page.locator("form[action$='/join/new-team']")
    page.locator("details:has(form[action$='/join/new-team']) summary").click()
    form.locator("input[name$='name']").fill(name)
    form.locator("input[type=checkbox]").check()
    form.locator("button").click()
    page.goto(f"{there}/team")
    page.evaluate("window.sameDocument = true")

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("button[data-copy=join-address]").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#join-address").inner_text()
    page.locator("form[action$='/team/invitations'] input[type=text]").fill(asked)
    page.locator("form[action$='/team/invitations'] button").click()

    expect(page.locator("#team .flash")).to_contain_text(sentence)
    assert page.evaluate("window.sameDocument")
    other = opened(open_page, "/", asked, language, size)
    other.locator(".flash a", has_text=re.compile(".")).first.click()
    invitation = other.locator("form[action*='/join/invitations/']").first
    invitation.locator("input[type=checkbox]").check()
    invitation.locator("button").click()
    other.wait_for_url(re.compile(r"/submit/"))

    page.goto(f"{there}/team")
    page.locator("form[action$='/leads'] button").click()
    expect(page.locator("#team tr", has_text=asked).locator(".badge")).to_be_visible()
    expect(page.locator("form[action$='/team/name']")).to_have_count(0)
    page.locator("details:has(form[action$='/team/leave']) summary").click()
    page.locator("form[action$='/team/leave'] button").click()
    page.wait_for_url(re.compile(rf"{there}$"))
    other.goto(f"{there}/team")
    expect(other.locator("#members")).to_contain_text(name)
    expect(other.locator("#team tbody tr")).to_have_count(1)
