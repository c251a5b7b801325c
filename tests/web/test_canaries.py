"""Secrets planted everywhere, and a walk over every link and every address with every number, as everybody.

A role that meets a secret it is not entitled to has met a leak, wherever that was: page, fragment, JSON, file, header.
"""

import hashlib
import itertools
import re
from urllib.parse import urlsplit

import pytest

from app.queries import challenges
from tests.web.test_access import CASES
from tests.world import CANARIES, ROLES

LINK = re.compile(r'(?:href|src|action|data-live|hx-get)="([^"]+)"')
CODENAMES = ("dev", "final")
SLUGS = ("tumours", "elsewhere", "canary-draft-7q")
PATHS = ("data/train.csv", "data/canary-withheld-file-7Q.csv", "annotations/canary-annotation-name-7Q.csv")
MOST_PAGES = 1_200


def every_address(visit):
    """Every endpoint with every slug, codename, file and number that exists, and some that do not."""
    adapter = visit.app.url_map.bind("localhost")
    numbers = range(1, 9)
    known = {
        "slug": SLUGS,
        "codename": CODENAMES,
        "path": PATHS,
        "submission_id": numbers,
        "phase_split_id": numbers,
        "leaderboard_id": numbers,
        "account_id": (1, 4),
        "team_id": range(1, 4),
        "number": (1, 2),
        "digest": (hashlib.sha256(b"canary-pandas-content-7Q").hexdigest(),),
        "environment_id": (1, 2),
        "version_id": (1, 2),
        "token_id": (1,),
        "trial_id": range(1, 4),
        "upload_id": (1, 2),
        "stream": ("stdout", "stderr"),
        "token": ("x",),
        "filename": ("js/live.js",),
        "name": ("description", "terms_and_conditions"),
    }
    for rule in visit.app.url_map.iter_rules():
        if "GET" not in rule.methods:
            continue
        names = sorted(rule.arguments)
        for values in itertools.product(*(known[name] for name in names)):
            yield adapter.build(rule.endpoint, dict(zip(names, values, strict=True)), method="GET")


def everything_seen(visit, role):
    """Yield (address, all that came back) for every address and for what the pages link to."""
    browser = visit.as_role(role)
    waiting = dict.fromkeys(["/", *every_address(visit)])
    waiting = {path: None for path in waiting if "set_language" not in path}
    done = set()
    while waiting:
        path = next(iter(waiting))
        del waiting[path]
        done.add(path)
        assert len(done) < MOST_PAGES
        answer = browser.get_path(path)
        text = answer.get_data().decode(errors="replace")
        yield path, f"{answer.headers}\n{text}"
        if answer.mimetype == "text/html":
            found = {urlsplit(link.replace("&amp;", "&")) for link in LINK.findall(text)}
            for link in found:
                target = link.path + (f"?{link.query}" if link.query else "")
                if link.netloc or not target.startswith("/") or target.startswith("/static/"):
                    continue
                if target not in done and "POST" not in target and not _changes(visit, link.path):
                    waiting[target] = None


def _changes(visit, path):
    adapter = visit.app.url_map.bind("localhost")
    return not adapter.test(path, method="GET")


@pytest.fixture(scope="module")
def walks():
    """What each role has met so far, secret -> addresses: walked once, asked by two tests."""
    return {}


def met_by(role, visit, walks):
    if role not in walks:
        walks[role] = {}
        for path, text in everything_seen(visit, role):
            for canary in CANARIES:
                # the address that was asked for comes back in the page, and is no news to who asked
                if canary not in path and canary in text:
                    walks[role].setdefault(canary, []).append(path)
    return walks[role]


@pytest.mark.parametrize("role", ROLES)
def test_nobody_meets_a_secret_anywhere(visit, walks, role):
    met = met_by(role, visit, walks)

    assert {canary: paths[:5] for canary, paths in met.items() if role not in CANARIES[canary]} == {}


def test_who_may_see_the_secrets_does_see_them_so_that_the_walk_is_known_to_look(visit, walks):
    unseen = {
        (canary, role)
        for canary, roles in CANARIES.items()
        for role in roles
        if canary not in met_by(role, visit, walks)
    }

    assert unseen == set()


@pytest.mark.parametrize("role", ["visitor", "outsider", "rival", "participant"])
def test_no_refused_change_says_a_secret_either(visit, role):
    browser, known = visit.as_role(role), visit.ids | visit.people
    for endpoint, method, values, _expected in CASES:
        if method != "POST" or endpoint in {"accounts.sign_out", "submissions.cancel", "submissions.set_on_board"}:
            continue
        path = browser.path(endpoint, **{name: known.get(value, value) for name, value in values.items()})
        answer = browser.post_path(path)
        text = f"{answer.headers}\n{answer.get_data().decode()}".replace(path, "")

        assert [canary for canary, roles in CANARIES.items() if canary in text and role not in roles] == []


def test_failing_to_evaluate_says_the_same_sentence_to_every_participant_and_the_traceback_to_the_host(visit):
    failed = visit.ids["failed"]

    seen = visit.as_role("participant").get("submissions.show", submission_id=failed).text
    host = visit.as_role("host").get("submissions.show", submission_id=failed).text

    assert "the host can see the details" in seen
    assert "canary-traceback-7Q" in host


def test_an_error_page_says_nothing_of_what_went_wrong(visit, monkeypatch):
    def broken(slug):
        raise ValueError("canary-traceback-7Q of /secret/path.py")

    monkeypatch.setattr(challenges, "by_slug", broken)

    answer = visit.as_role("host").get("challenges.show", slug="tumours")

    assert answer.status_code == 500
    assert "canary" not in answer.text
    assert "path.py" not in answer.text
