"""Before the first admin there is one page that says where to look, and one link that works once."""

import pytest

from app import clock as app_clock
from app.queries import accounts as account_queries
from app.queries.site import site as read_site
from app.rules.states import HostingPolicy, SignUpPolicy
from app.services import site as site_services
from tests.factories import PASSWORD, make_account, make_admin
from tests.pages import Pages

FILLED_IN = {
    "name": "Ada",
    "email": "ada@example.com",
    "password": PASSWORD,
    "again": PASSWORD,
    "site_name": "Lab",
    "language": "ja",
    "timezone": "Asia/Tokyo",
    "sign_up": "domains",
    "sign_up_domains": "example.com, lab.example.com",
    "hosting": "everybody",
    "visitors_may_read": "y",
}


@pytest.fixture
def visitor(app):
    return Pages(app)


@pytest.fixture
def token(app):
    return site_services.setup_link_token(app_clock.now())


def test_before_set_up_every_page_leads_to_the_waiting_page(visitor):
    for endpoint in ("home.index", "accounts.sign_in", "accounts.sign_up", "people.index"):
        assert visitor.get(endpoint).location == "/setup"

    assert "console" in visitor.get("setup.waiting").text


@pytest.mark.parametrize(("name", "password"), [("admin", "admin"), ("root", "root"), ("admin", "password")])
def test_a_fresh_install_has_no_account_to_sign_in_with(visitor, name, password):
    answer = visitor.post("accounts.sign_in", {"who": name, "password": password})

    assert answer.location == "/setup"
    assert account_queries.by_name_or_email(name) is None


def test_the_link_makes_the_first_admin_and_the_site_and_signs_in(visitor, token):
    assert visitor.get("setup.start", token=token).status_code == 200

    answer = visitor.post_path(f"/setup/{token}", FILLED_IN, follow=True)

    site = read_site()
    admin = account_queries.by_name_or_email("ada")
    assert answer.status_code == 200
    assert "Ada" in answer.text
    assert admin.is_admin
    assert (site.name, site.timezone, site.language) == ("Lab", "Asia/Tokyo", "ja")
    assert (site.sign_up, site.hosting) == (SignUpPolicy.DOMAINS, HostingPolicy.EVERYBODY)
    assert site.sign_up_domains == ["example.com", "lab.example.com"]
    assert site.visitors_may_read
    assert visitor.get("people.settings").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short", "again": "short"}, "at least 12"),
        ({"again": "something else entirely"}, "differ"),
        ({"email": "no address"}, "not an e-mail address"),
        ({"sign_up_domains": ""}, "at least one e-mail domain"),
        ({"sign_up_domains": "not_a domain!"}, "not an e-mail domain"),
        ({"name": "\u202eadA"}, "hidden character"),
        ({"site_name": " "}, "name is empty"),
        ({"timezone": "Mars/Base"}, "Not a valid choice"),
    ],
)
def test_a_mistake_in_the_set_up_is_named_and_nothing_is_made(visitor, token, change, sentence):
    answer = visitor.post_path(f"/setup/{token}", FILLED_IN | change)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert read_site().set_up_at is None


def test_the_browsers_own_zone_is_offered_and_a_chosen_one_is_kept(visitor, token):
    fresh = visitor.get("setup.start", token=token)
    refused = visitor.post_path(f"/setup/{token}", {"name": "", "timezone": "Asia/Tokyo"})

    assert "data-own-zone" in fresh.text
    assert "data-own-zone" not in refused.text
    assert '<option selected value="Asia/Tokyo">' in refused.text


def test_all_mistakes_are_named_at_once(visitor, token):
    wrong = {"name": "\u200b", "email": "nope", "password": "password1234", "sign_up_domains": "not_one"}

    answer = visitor.post_path(f"/setup/{token}", FILLED_IN | wrong)

    for sentence in ("hidden character", "not an e-mail address", "easy to guess", "differ", "not an e-mail domain"):
        assert sentence in answer.text


def test_the_example_challenges_come_with_the_set_up_on_demand(visitor, token):
    answer = visitor.post_path(f"/setup/{token}", FILLED_IN | {"language": "en", "with_examples": "y"}, follow=True)

    assert "examples are installed" in answer.text
    assert answer.text.count('<li class="card') >= 3


def test_a_wrong_link_is_not_there(visitor, token):
    for wrong in (token[:-1], token + "x", "x" * len(token), "%00", "é"):
        assert visitor.get_path(f"/setup/{wrong}").status_code == 404


def test_the_link_dies_after_an_hour(visitor, clock):
    token = site_services.setup_link_token(clock.now())
    clock.advance(minutes=59)
    assert visitor.get_path(f"/setup/{token}").status_code == 200

    clock.advance(minutes=1)

    assert visitor.get_path(f"/setup/{token}").status_code == 404


def test_the_link_works_once(visitor, token, app):
    visitor.post_path(f"/setup/{token}", FILLED_IN)

    assert Pages(app).get_path(f"/setup/{token}").status_code == 404
    assert site_services.setup_link_token(app_clock.now()) is None


def test_the_link_is_dead_once_an_admin_exists(visitor, token):
    make_admin()

    assert visitor.get_path(f"/setup/{token}").status_code == 404
    assert visitor.post_path(f"/setup/{token}", FILLED_IN).status_code == 404


def test_a_start_within_the_hour_prints_the_same_link_and_a_later_one_another(app, clock):
    first = site_services.setup_link_token(clock.now())
    clock.advance(minutes=30)
    assert site_services.setup_link_token(clock.now()) == first

    clock.advance(hours=1)

    assert site_services.setup_link_token(clock.now()) != first


def test_the_link_lies_in_a_file_that_only_the_server_account_may_read(token, tmp_path):
    assert (tmp_path / "setup-token").stat().st_mode & 0o777 == 0o600


def test_the_language_can_be_switched_before_the_set_up(visitor):
    visitor.post("accounts.set_language", {"language": "ja", "next": "/setup"})

    assert '<html lang="ja">' in visitor.get("setup.waiting").text


def test_a_site_that_is_set_up_waits_for_nobody(pages):
    make_account()

    assert pages.get("setup.waiting").location == "/"
