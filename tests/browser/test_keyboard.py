"""Everything by keyboard alone: sign in, join, submit; and one always sees where one is."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_up
from tests.bundles.builders import zip_of
from tests.journeys.challenges import tumour_predictions
from tests.journeys.visitor import PASSWORD

pytestmark = pytest.mark.browser

LONGEST_WAY = 60
HOLDS_FOCUS = "(selector) => document.activeElement?.matches(selector) ?? false"
FOCUS_IS_SEEN = """() => {
  const shown = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const element = document.activeElement;
  // what lies around a control may show it instead
  return [element, element.parentElement, element.closest(".card"), element.closest(".dropzone")].some((it) => it && shown(it));
}"""


def tab_to(page, selector):
    """Press Tab until the element has the focus, looking each time whether the focus can be seen."""
    for _ in range(LONGEST_WAY):
        page.keyboard.press("Tab")
        element = page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")
        if element.startswith("<body"):
            continue
        assert page.evaluate(FOCUS_IS_SEEN), f"the focus cannot be seen on {element}"
        if page.evaluate(HOLDS_FOCUS, selector):
            return
    pytest.fail(f"{selector} cannot be reached by Tab on {page.url}")


def test_signing_in_joining_and_submitting_needs_no_mouse(open_page, company):
    sign_up(company, "Kiyo")
    page = open_page("/sign-in")
    # asked for only when the key is pressed, the browser may have cancelled the chooser before playwright takes it
    page.on("filechooser", lambda _chooser: None)
    keys = page.keyboard

    tab_to(page, "#who")
    keys.type("Kiyo")
    tab_to(page, "#password")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Challenges")).to_be_visible()

    tab_to(page, f"main a[href='/challenges/{company.tumours}']")
    keys.press("Enter")
    page.wait_for_url(f"**/challenges/{company.tumours}")
    tab_to(page, f"a[href='/challenges/{company.tumours}/join']")
    keys.press("Enter")
    page.wait_for_url("**/join")
    tab_to(page, "#alone-accepts_rules")
    keys.press("Space")
    tab_to(page, "form[action$='/join/alone'] button")
    keys.press("Enter")

    page.wait_for_url(re.compile(r"/submit/dev$"))
    tab_to(page, "input[type=file]")
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": tumour_predictions(wrong=7)}
    chooser.value.set_files([file])
    tab_to(page, "#submit-form button.primary")
    keys.press("Enter")

    expect(page.locator("#submission-status .badge")).to_have_text("Finished")


def test_the_first_tab_leads_past_the_navigation(open_page, company):
    page = open_page(f"/challenges/{company.tumours}/leaderboard")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_the_account_menu_opens_by_key_and_escape_closes_it(open_page, company):
    page = open_page("/", by="Alice")
    tab_to(page, "[data-menu] summary")

    page.keyboard.press("Enter")
    expect(page.locator(".menu-list")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator(".menu-list")).to_be_hidden()
    expect(page.locator("[data-menu] summary")).to_be_focused()


def test_approving_and_reviewing_needs_no_mouse(open_page, company):
    page = open_page(f"/admin/challenges/{company.waiting}", by="Ada")
    tab_to(page, "[role=switch][id^=approval]")

    page.keyboard.press("Space")
    expect(page.locator("[role=switch][id^=approval]")).to_have_attribute("aria-checked", "true")
    # the switch was exchanged for a new one; whoever pressed it still stands on it
    expect(page.locator("[role=switch][id^=approval]")).to_be_focused()
    page.keyboard.press("Space")

    expect(page.locator("[role=switch][id^=approval]")).to_have_attribute("aria-checked", "false")


def test_a_form_with_complaints_begins_at_the_first_of_them(open_page, company):
    page = open_page("/sign-up")
    page.locator("#name").fill("Kiyo")
    page.locator("#email").fill("kiyo@example.com")
    page.locator("#password").fill("short")

    page.locator("#password").press("Enter")

    expect(page.locator("#password")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#password")).to_be_focused()
    expect(page.locator("label[for=password]")).to_be_in_viewport()
    open_page.expect_complaint("422")


def test_a_refusal_of_the_whole_form_takes_the_focus(open_page, company):
    page = open_page("/sign-in")
    page.locator("#who").fill("Nobody")
    page.locator("#password").fill("wrong in every way")

    page.locator("#password").press("Enter")

    expect(page.locator("form [role=alert]")).to_be_focused()
    open_page.expect_complaint("422")


def test_what_is_wrong_with_a_bundle_takes_the_focus(open_page, company):
    page = open_page("/hosting/new", by="Hana")
    file = {
        "name": "broken.zip",
        "mimeType": "application/zip",
        "buffer": zip_of({"challenge_config.yaml": "title: x\n"}),
    }
    page.locator("input[type=file]").set_input_files([file])

    page.locator("#bundle-form button.primary").press("Enter")

    expect(page.locator("#bundle-form section[role=alert]")).to_be_focused()
    expect(page.locator("#problems")).to_be_in_viewport()
    open_page.expect_complaint("422")
