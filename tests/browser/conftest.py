"""A real Chromium on a real installation that has something to show. Skipped where no Chromium is installed."""

import os
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.bundles.builders import challenge_files, changed, zip_of
from tests.journeys.challenges import example_zip, sample, tumour_predictions
from tests.journeys.installation import Installation
from tests.journeys.people import live_challenge, set_up, sign_up_host, update, upload, upload_version
from tests.journeys.visitor import Visitor

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = (1280, 900), (375, 740)
PATIENCE_MS = 20_000


@dataclass
class Company:
    """Who is there, as browsers that are signed in, and the challenges they have."""

    installation: Installation
    people: dict[str, Visitor]
    tumours: str = ""
    digits: str = ""
    diabetes: str = ""
    waiting: str = ""
    submissions: dict[str, str] = field(default_factory=dict)


class Opener:
    """Opens pages and notes whatever a browser complains of in them."""

    def __init__(self, chromium, company):
        self._chromium = chromium
        self._company = company
        self._contexts = []
        self.complaints = []

    def __call__(self, path="/", *, by=None, size=DESKTOP, theme="light", script=True, language="en-GB"):
        """Open a page as a person (None: a visitor), on a screen of this size."""
        context = self._chromium.new_context(
            base_url=self._company.installation.address,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            java_script_enabled=script,
            locale=language,
            has_touch=size == PHONE,
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        if by is not None:
            context.add_cookies(_cookies(self._company, by))
        page = context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        context.on("request", self._on_request)
        page.goto(path)
        return page

    def expect_complaint(self, part):
        """Take back what a browser says of an answer that the test meant to provoke."""
        assert any(part in it for it in self.complaints), self.complaints
        self.complaints = [it for it in self.complaints if part not in it]

    def close(self):
        """Close every page."""
        for context in self._contexts:
            context.close()

    def _on_console(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _on_request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != (
            self._company.installation.address
        ):
            self.complaints.append(f"asked for {request.url}")


def _cookies(company, name):
    return [
        {"name": cookie.name, "value": cookie.value, "url": company.installation.address}
        for cookie in company.people[name].cookies
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show with a failure what the processes printed."""
    report = yield
    company = item.funcargs.get("company") if hasattr(item, "funcargs") else None
    if report.failed and company is not None:
        report.sections.append(("web server and worker", company.installation.log()))
    return report


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium, the system's own."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(f"No Chromium is installed (looked for {', '.join(PROGRAMS)}): what a browser does is not tested.")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def company(chromium, tmp_path_factory):
    """A company that has used Shiai for a while: three live challenges with scores, one that waits for approval."""
    installation = Installation(tmp_path_factory.mktemp("company"), SHIAI_EVALUATION_SECONDS=20).start()
    try:
        made = Company(installation, {})
        _found(made)
        _compete(made)
        yield made
    finally:
        installation.stop()


def sign_up(company, name):
    """Sign somebody up at the company and return the browser."""
    company.installation.forget_tries()
    company.people[name] = Visitor(company.installation.address).sign_up(name)
    return company.people[name]


def _found(company):
    ada = set_up(company.installation)
    hana = sign_up_host(company.installation, ada)
    company.people = {"Ada": ada, "Hana": hana}
    for name in ("Alice", "Bob", "Charlie"):
        sign_up(company, name)
    company.tumours = live_challenge(hana, ada, example_zip("breast-cancer-auc"))
    company.digits = live_challenge(hana, ada, example_zip("digits-ranking"))
    company.diabetes = live_challenge(hana, ada, example_zip("diabetes-rmse"))
    files = {path: content for path, content in challenge_files().items() if path != "annotations/dev.csv"}
    hana.fill_in("/hosting/new", "/hosting/new", files={"file": ("lacking.zip", zip_of(files))})
    config = changed("title: Tumour Challenge", "title: A challenge that nobody has looked at yet")
    config = changed("Which tumours are malignant?", "Unbroken" * 25, config)
    company.waiting = upload(hana, zip_of(challenge_files(config)))
    # a version that touches scoring waits for Ada, another one for Hana's own yes
    counted = example_zip("digits-ranking", **{"evaluation_script/main.py": "\n# counted again\n"})
    update(hana, company.digits, counted)
    fair = example_zip("diabetes-rmse", **{"templates/terms_and_conditions.html": "<p>Be fair.</p>\n"})
    upload_version(hana, company.diabetes, fair)


def _compete(company):
    people = company.people
    for name in ("Alice", "Bob", "Charlie"):
        people[name].take_part(company.tumours)
    people["Alice"].take_part(company.digits).take_part(company.diabetes)
    sent = {
        "Bob": people["Bob"].submit(company.tumours, "dev", "bob.csv", tumour_predictions(wrong=25)),
        "Alice": people["Alice"].submit(company.tumours, "dev", "alice.csv", tumour_predictions(wrong=9)),
        "Charlie": people["Charlie"].submit(company.tumours, "dev", "charlie.csv", tumour_predictions(wrong=5)),
        "failed": people["Alice"].submit(company.tumours, "dev", "bad.csv", b"id,probability\nt0250,perhaps\n"),
        "digits": people["Alice"].submit(company.digits, "dev", *sample("digits-ranking")),
        "diabetes": people["Alice"].submit(company.diabetes, "main", *sample("diabetes-rmse")),
    }
    company.submissions = sent
    for name, path in sent.items():
        people[name if name in people else "Alice"].wait_for(path)


@pytest.fixture
def open_page(chromium, company):
    """Open pages; at the end nothing may have been complained of: no error, no violation, no request to another host."""
    opener = Opener(chromium, company)
    yield opener
    opener.close()
    assert not opener.complaints, "\n".join(opener.complaints)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request):
    """The screens that everything must work on."""
    return request.param
