"""A walk through every page as every kind of person: nothing overflows, nothing is unnamed, nothing is too pale."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app import create_app
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import settings_in

pytestmark = pytest.mark.browser

CHECK = (Path(__file__).parent / "page_check.js").read_text(encoding="utf-8")
IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
# downloads and pictures are no pages; orders and pages of a list look like the list
NO_PAGE = re.compile(r"/(logo|bundle|export|csv|file|result\.json|stdout|stderr)$|/files/|/static/|/hosting/examples/")
# answered before anybody is there, by a link that works once, or for scripts
NOT_WALKED = {
    "static",
    "home.health",
    "setup.waiting",
    "setup.start",
    "accounts.invitation",
    "accounts.confirm",
    "leaderboards.rows",
    "programs.submission",
    "sending.allowed",
    "sending.same",
    "submissions.log",
    "submissions.status",
    "submissions.mine_rows",
    "hosting.submissions_csv",
    "reruns.rows",
    "trials.rows",
    "trials.log",
    "trials.status",
    "environments.build",
    "pictures.drawn",
}


# a page that is much like two others is not looked over again
MOST_OF_A_KIND = 2
PEOPLE = [None, "Alice", "Hana", "Ada"]
WALKED = {}


def is_page(path):
    """Whether an address gives a page: tables of a board for programs are none either."""
    return not NO_PAGE.search(path) and not path.endswith(("/board.csv", "/board.json"))


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """All addresses that the application knows."""
    return create_app(settings_in(tmp_path_factory.mktemp("rules"))).url_map


def walk(open_page, rules, person, *, language="en-GB"):
    """Follow every link from the front page and look the pages over; return which there were and what was found."""
    router = rules.bind("localhost")
    page = open_page("/", by=person, language=language)
    waiting, seen, walked, problems = ["/"], {"/"}, Counter(), []
    while waiting:
        path = waiting.pop()
        kind = router.match(path)[0]
        walked[kind] += 1
        if walked[kind] > MOST_OF_A_KIND:
            continue
        answer = page.goto(path, wait_until="load")
        if answer.status != 200:
            problems.append(f"{path}: {answer.status}")
        problems += [f"{path}: {problem}" for problem in look_over(page)]
        for link in page.locator("a[href^='/']").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            target = urlsplit(link).path
            if target not in seen and is_page(target):
                seen.add(target)
                waiting.append(target)
    return set(walked), problems


def look_over(page):
    """Check the page by day and by night, on the screen it is on and on the other one, which then stays."""
    page.evaluate(CHECK)
    problems = page.evaluate("[...pageCheck.check(), ...pageCheck.contrast()]")
    seen_on, other = (DESKTOP, PHONE) if page.viewport_size["width"] == DESKTOP[0] else (PHONE, DESKTOP)
    page.set_viewport_size({"width": other[0], "height": other[1]})
    problems += [f"{other[0]} px: {it}" for it in page.evaluate("pageCheck.sizes()")]
    page.emulate_media(color_scheme="light" if page.evaluate(IS_DARK) else "dark")
    problems += page.evaluate("pageCheck.contrast()")
    return [f"(first on {seen_on[0]} px) {it}" for it in problems]


@pytest.mark.parametrize("person", PEOPLE, ids=["visitor", "participant", "host", "admin"])
def test_every_page_is_sound_for(open_page, rules, person):
    WALKED[person], problems = walk(open_page, rules, person)

    assert not problems, "\n".join(problems)


def test_the_walks_miss_no_page(rules):
    if WALKED.keys() != set(PEOPLE):
        pytest.skip("Not everybody has walked.")

    pages = {
        rule.endpoint
        for rule in rules.iter_rules()
        if "GET" in rule.methods and is_page(re.sub(r"<[^>]+>", "x", rule.rule))
    }

    assert pages - set().union(*WALKED.values()) == NOT_WALKED & pages


def test_every_page_is_sound_in_japanese_too(open_page, rules):
    _, problems = walk(open_page, rules, None, language="ja")

    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", ["/no-such-page", "/challenges/no-such-challenge", "/submissions/999999"])
def test_a_page_that_is_not_there_is_a_page_too(open_page, company, path):
    page = open_page(path, by="Alice")

    expect(page.locator("[data-sentence]")).to_contain_text("nothing at this address")
    open_page.expect_complaint("404")
    assert look_over(page) == []


def test_forms_that_come_back_with_complaints_are_sound(open_page, company):
    for path in ("/sign-in", "/sign-up"):
        page = open_page(path)
        page.locator("main form button.primary").click()
        expect(page.locator("[aria-invalid]").first).to_be_visible()

        open_page.expect_complaint("422")
        assert look_over(page) == []


def test_the_theme_follows_the_system_and_the_switch_turns_it_for_good(open_page, company):
    paper = "getComputedStyle(document.body).backgroundColor"
    page = open_page("/", theme="dark")
    dark = page.evaluate(paper)

    page.locator("[data-theme-switch]").click()
    light = page.evaluate(paper)
    page.goto("/sign-in")

    assert dark != light
    assert page.evaluate(paper) == light
    expect(page.locator("[data-theme-switch]")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("path", ["/challenges/{}", "/challenges/{}/manage"])
def test_a_word_without_an_end_pushes_nothing_out_of_the_page(open_page, company, path, size):
    page = open_page(path.format(company.waiting), by="Hana", size=size)

    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
