"""A walk through every address in Japanese: no English is left, whoever looks and whatever was refused."""

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest

from app import clock
from app.services import site as site_services
from app.services import workers
from app.web.filters import seconds
from tests import world
from tests.pages import VOID, Pages
from tests.web.test_access import CASES

MORE_STATES = [("submissions.show", "GET", {"submission_id": state}, ()) for state in ("failed", "queued")]
GOES_ON = {301, 302, 303, 308}
IN_JAPANESE = {"Accept-Language": "ja,en;q=0.5"}
# what people of the world wrote or are called
THEIRS = re.compile(
    r"<p>[^<]*</p>|Dev Phase|Test Split|Tumour Challenge|The AUC decides\.|\S*canary\S*|Which tumours are malignant\?|test browser|(?:Person|Host) \d+|Phase dev|"
    r"(?<![A-Za-z])(?:Tumours|Elsewhere|Pandas|Rivals|Owls|Test_Split|Own|Private|Hidden|Frozen|Later|Nina|"
    + "|".join(filter(None, world.ROLES.values()))
    + r")(?![A-Za-z])"
)
# what has one name everywhere: addresses, files, units, standards
EVERYWHERE = re.compile(
    r"`[^`]*`|「state」|[a-z]+=yes|[a-z]+_[a-z_]+|https?://\S+|\S+@\S+|[A-Za-z0-9_./-]*\.[a-z]{2,4}(?![a-z])|[0-9a-f]{12,}…?|make run|[\d.]+\s(?:B|KB|MB|GB|ms)(?![A-Za-z])|"
    r"(?<![A-Za-z])(?:Shiai|English|EvalAI|SHIAI_TRUSTED_HOSTS|Ubuntu|AppArmor|bwrap|Landlock|YAML|HTML|SHA-256|UTF-8|UTC|AUC|F1|ID|JSON|CSV|PNG|SVG|MB|SHIAI_TOKEN|Idempotency-Key|Python|pip|wheel|zip)(?![A-Za-z])"
)
WALLS = (
    "runtime",
    "files",
    "job_read_only",
    "environment",
    "network",
    "other_processes",
    "signals",
    "privileges",
    "system_calls",
    "landlock",
    "memory",
    "scratch",
    "processes",
    "escape",
    "end",
)
ENGLISH = re.compile(r"[A-Za-z]{2,}")
BLANK_AFTER_STOP = re.compile(r"。\s+\S")
# hosts' own words, code, and the long list of time zones
NOT_OURS = {"script", "style", "code", "pre", "select", "textarea"}
SPOKEN = ("aria-label", "alt", "title", "placeholder", "data-label", "data-lost", "data-failed", "data-dismiss")


class Left(HTMLParser):
    """Collect the texts of a page, spoken ones included, in which English is left, or a blank between two sentences."""

    def __init__(self):
        super().__init__()
        self.found, self._open, self._skipped = [], [], 0

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        for name in SPOKEN:
            self._look(names.get(name) or "")
        if tag not in VOID:
            theirs = tag in NOT_OURS or "prose" in (names.get("class") or "").split() or names.get("lang") == "en"
            self._open.append((tag, theirs))
            self._skipped += theirs

    def handle_endtag(self, tag):
        while self._open:
            name, theirs = self._open.pop()
            self._skipped -= theirs
            if name == tag:
                return

    def handle_data(self, data):
        self._look(data)

    def _look(self, text):
        theirs_left_out = EVERYWHERE.sub("", THEIRS.sub("", text))
        if not self._skipped and (ENGLISH.search(theirs_left_out) or BLANK_AFTER_STOP.search(text)):
            self.found.append(" ".join(text.split()))


def english_on(answer):
    """Return what is left in English on a page or fragment; a page must also say that it is in Japanese."""
    if answer.mimetype != "text/html" or answer.status_code in GOES_ON:
        return []
    reader = Left()
    reader.feed(answer.text)
    return reader.found + (["html lang"] if "<html" in answer.text and '<html lang="ja">' not in answer.text else [])


def walk(visit, role, cases):
    """Go to each address in Japanese and return {address: the English that is left}."""
    known = visit.ids | visit.people
    browser, found = visit.as_role(role), {}
    for endpoint, method, values, _expected in cases:
        path = browser.path(endpoint, **{name: known.get(value, value) for name, value in values.items()})
        answer = (browser.get_path if method == "GET" else browser.post_path)(path, headers=IN_JAPANESE)
        if left := english_on(answer):
            found[f"{method} {path}"] = left
    return found


@pytest.mark.parametrize("role", ["visitor", "outsider", "participant", "host", "admin"])
def test_no_english_is_left_on_any_page(visit, role):
    found = walk(visit, role, [case for case in [*CASES, *MORE_STATES] if case[1] == "GET"])

    assert not found


@pytest.mark.parametrize("role", ["visitor", "outsider", "host", "admin"])
def test_no_english_is_left_where_an_empty_form_is_refused(visit, role):
    column = list(world.ROLES).index(role)
    refused = [case for case in CASES if case[1] == "POST" and case[3][column] >= 400]

    found = walk(visit, role, refused)

    assert not found


def test_the_first_pages_of_a_new_site_are_in_japanese(app):
    token, visitor = site_services.setup_link_token(clock.now()), Pages(app)

    answers = [
        visitor.get("setup.waiting", headers=IN_JAPANESE),
        visitor.get("setup.start", token=token, headers=IN_JAPANESE),
        visitor.post_path(f"/setup/{token}", {"name": "x", "email": "nobody"}, headers=IN_JAPANESE),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert not [english_on(answer) for answer in answers if english_on(answer)]


@pytest.mark.parametrize("level", ["B", "C", "D"])
def test_how_evaluations_are_held_is_said_in_japanese(visit, level):
    walls = [{"name": name, "holds": level != "D", "why": "something got through"} for name in WALLS]
    workers.beat(isolation={"level": level, "summary": "for experts", "walls": walls}, now=clock.now())

    found = walk(visit, "admin", [("admin.system", "GET", {}, ()), ("admin.index", "GET", {}, ())])

    assert not found


def test_what_a_form_refuses_is_said_in_japanese(visit):
    wrong = {"name": "x" * 501, "email": "nobody", "password": "short", "again": "other", "language": "xx"}
    admin, visitor = visit.as_role("admin"), visit.visitor

    answers = [
        visitor.post("accounts.sign_up", wrong, headers=IN_JAPANESE),
        visitor.post("accounts.sign_in", {"who": "Petra", "password": "wrong"}, headers=IN_JAPANESE),
        admin.post("accounts.profile", wrong, headers=IN_JAPANESE),
        admin.post("people.settings", wrong | {"sign_up": "nobody", "hosting": "nobody"}, headers=IN_JAPANESE),
        admin.post("people.invite", wrong, headers=IN_JAPANESE),
    ]

    for answer in answers:
        assert answer.status_code == 422
        assert not english_on(answer)


def test_what_is_wrong_with_a_bundle_is_said_in_japanese(visit):
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as file:
        file.writestr("challenge_config.yaml", "title: x\nstart_date: 2026-02-30 00:00:00\nimage: none\nmax: 1\n")

    sent = {"file": (io.BytesIO(bundle.getvalue()), "challenge.zip")}
    answer = visit.as_role("host").post("hosting.upload", sent, headers=IN_JAPANESE)

    assert answer.status_code == 422
    assert "2026-02-30" in answer.text
    assert not english_on(answer)


@pytest.mark.parametrize(
    ("duration", "words"), [(0.004, "4 ms"), (1.25, "1.2秒"), (42, "42秒"), (200, "3分20秒"), (7500, "2時間5分")]
)
def test_durations_read_as_japanese_does(app, site, duration, words):
    with app.test_request_context(headers=IN_JAPANESE):
        assert seconds(duration) == words
