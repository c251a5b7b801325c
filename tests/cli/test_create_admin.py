"""The first or another administrator, made on the machine itself."""

import json

import pytest

from app import clock as app_clock
from app.queries import accounts as account_queries
from app.queries.site import site as read_site
from app.rules.states import HostingPolicy, SignUpPolicy
from app.services import passwords
from app.services import site as site_services
from tests.factories import PASSWORD, make_account


def create(app, *arguments, password=PASSWORD):
    return app.test_cli_runner().invoke(args=["create-admin", *arguments], input=f"{password}\n")


def test_an_administrator_is_made_with_the_password_from_standard_input(app):
    result = create(app, "Ada", "ada@example.com")

    ada = account_queries.by_name_or_email("Ada")
    assert result.exit_code == 0
    assert "Ada is an administrator now" in result.output
    assert ada.is_admin
    assert passwords.matches(ada.password_hash, PASSWORD)


def test_a_site_nobody_set_up_is_closed_but_usable_afterwards_and_the_set_up_link_dies(app):
    token = site_services.setup_link_token(app_clock.now())

    create(app, "Ada", "ada@example.com")

    site = read_site()
    assert site.set_up_at
    assert (site.sign_up, site.hosting, site.visitors_may_read) == (SignUpPolicy.INVITATION, HostingPolicy.NAMED, False)
    assert not site_services.may_set_up(token, now=app_clock.now())


def test_the_result_can_be_read_by_programs(app):
    good = create(app, "Ada", "ada@example.com", "--json")
    bad = create(app, "Ada", "other@example.com", "--json")

    assert json.loads(good.output)["name"] == "Ada"
    assert bad.exit_code == 1
    assert "taken" in json.loads(bad.output)["error"]


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        (("Ada", "ada@example.com"), "short", "at least 12"),
        (("Ada", "no address"), PASSWORD, "not an e-mail address"),
        (("Ben", "ada@example.com"), PASSWORD, "taken"),
        (("Ada",), PASSWORD, "Missing argument"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(app, arguments, password, sentence):
    make_account("Ben")

    result = create(app, *arguments, password=password)

    assert result.exit_code != 0
    assert sentence in result.output
    assert account_queries.by_name_or_email("Ada") is None


def test_the_password_is_no_option(app):
    result = app.test_cli_runner().invoke(args=["create-admin", "Ada", "ada@example.com", "--password", "x"])

    assert "No such option" in result.output
