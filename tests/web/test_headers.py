"""Headers of every answer: pages, fragments, files, errors, static files."""

import pytest

from app.web.headers import HEADERS, POLICY
from tests.factories import make_challenge
from tests.pages import Pages

PATHS = ["/", "/challenges/tumours", "/boards/1/rows", "/no-such-page", "/static/js/live.js", "/health", "/sign-in"]


@pytest.fixture
def tumours(site):
    return make_challenge("Tumours")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_them_all(pages, tumours, path):
    headers = pages.get_path(path).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "Server" not in headers
    assert "Access-Control-Allow-Origin" not in headers


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in POLICY


def test_pages_are_not_kept_and_hashed_files_are_kept_for_ever(pages, tumours):
    assert pages.get_path("/challenges/tumours").headers["Cache-Control"] == "no-store"
    assert pages.get_path("/no-such-page").headers["Cache-Control"] == "no-store"
    assert "immutable" in pages.get_path("/static/js/live.js?v=abc").headers["Cache-Control"]
    assert "immutable" not in pages.get_path("/static/js/live.js").headers["Cache-Control"]


def test_over_https_browsers_are_told_to_stay_there(make_app, tumours):
    secure = Pages(make_app(base_url="https://shiai.example.com"))
    headers = {"Host": "shiai.example.com"}

    answer = secure.get_path("/sign-in", headers=headers)

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers.get("Set-Cookie", "")
    assert cookie.startswith("__Host-session=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie


def test_over_http_they_are_not(pages, tumours):
    answer = pages.get_path("/sign-in")

    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("session=")
    assert "HttpOnly" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_other_origins_get_no_leave(pages, tumours, origin):
    answer = pages.client.options(
        "/challenges/tumours", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )

    assert [name for name, _ in answer.headers if name.lower().startswith("access-control")] == []
