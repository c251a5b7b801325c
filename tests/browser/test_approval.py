"""One click approves a challenge, in place, and everybody else sees it at once."""

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_the_approval_switch_works_without_a_page_load(open_page, company, size):
    page = open_page("/admin", by="Ada", size=size)
    row = page.locator("tr", has=page.get_by_role("link", name="A challenge that nobody has looked at yet"))
    switch = row.get_by_role("switch", name="Approval of")
    visitor = Visitor(company.installation.address)
    page.evaluate("window.sameDocument = true")
    expect(switch).to_have_attribute("aria-checked", "false")

    switch.click()

    expect(switch).to_have_attribute("aria-checked", "true")
    expect(switch).to_contain_text("Approved")
    assert visitor.get(f"/challenges/{company.waiting}").status == 200

    switch.click()

    expect(switch).to_have_attribute("aria-checked", "false")
    assert visitor.get(f"/challenges/{company.waiting}").status == 404
    assert page.evaluate("window.sameDocument")


def test_a_refused_switch_says_why_and_stays_as_it_was(open_page, company):
    page = open_page("/admin", by="Ada")
    row = page.locator("tr", has=page.get_by_role("link", name="A challenge that nobody has looked at yet"))
    switch = row.get_by_role("switch", name="Approval of")
    # as if another version had come since the page was loaded
    page.locator("input[name=version]").evaluate_all("inputs => inputs.forEach(input => { input.value = '999'; })")

    switch.click()

    expect(page.locator("#flashes [role=alert]")).to_contain_text("changed since you looked")
    expect(switch).to_have_attribute("aria-checked", "false")
    open_page.expect_complaint("409")


def test_publishing_is_a_switch_of_the_host(open_page, company):
    page = open_page(f"/challenges/{company.waiting}/manage", by="Hana")
    switch = page.get_by_role("switch", name="Published")

    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()

    expect(switch).to_have_attribute("aria-checked", "true")
