"""Access tokens: made on a page, shown once, ended by their owner, by time and by a new password."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.tokens import AccessToken
from app.queries import tokens as token_queries
from app.services import accounts, tokens
from app.services.registration import Browser
from tests.factories import PASSWORD, make_account

TOKEN = re.compile(r"shiai_[\w-]{43}")


@pytest.fixture
def bob(site):
    return make_account("Bob")


@pytest.fixture
def browser(pages, bob):
    return pages.signed_in(bob)


def make(browser, **values):
    return browser.post("tokens.make", {"name": "training server", "days": "90"} | values)


def test_a_token_is_shown_once_and_only_its_hash_is_kept(browser, clock):
    shown = TOKEN.search(make(browser).text)[0]

    kept = db.session.scalars(select(AccessToken)).one()
    assert shown not in {str(value) for value in vars(kept).values()}
    assert kept.expires_at == clock.now() + timedelta(days=90)
    assert token_queries.live(shown, now=clock.now()).account.name == "Bob"
    page = browser.get("tokens.index").text
    assert not TOKEN.search(page)
    assert "training server" in page


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "x" * 61}, {"days": "36500"}, {"days": "never"}], ids=str)
def test_a_token_has_a_name_and_an_end(browser, values):
    assert make(browser, **values).status_code == 422
    assert db.session.scalars(select(AccessToken)).all() == []


def test_a_token_is_made_only_shortly_after_the_password(browser, clock):
    clock.advance(minutes=20)

    answer = make(browser)

    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/confirm")


def test_nobody_revokes_anothers_token(pages, browser, bob, clock):
    token = tokens.make(make_account("Carol"), name="hers", days=30, now=clock.now())
    held = token_queries.live(token, now=clock.now())

    assert browser.post("tokens.revoke", {}, token_id=held.id).status_code == 404
    assert "hers" not in browser.get("tokens.index").text


def test_a_token_ends_when_it_is_revoked_when_its_time_is_over_and_with_the_account(browser, bob, clock):
    token = tokens.make(bob, name="a", days=30, now=clock.now())
    held = token_queries.live(token, now=clock.now())
    assert token_queries.live(token, now=clock.now() + timedelta(days=30)) is None
    bob.is_active = False
    assert token_queries.live(token, now=clock.now()) is None
    bob.is_active = True
    db.session.commit()

    assert browser.post("tokens.revoke", {}, token_id=held.id).status_code == 303

    assert token_queries.live(token, now=clock.now()) is None


def test_a_new_password_ends_all_tokens(bob, clock):
    token = tokens.make(bob, name="a", days=30, now=clock.now())

    accounts.change_password(
        bob, current=PASSWORD, new="quiet orchard nineteen", browser=Browser(address="::1", agent="x"), now=clock.now()
    )

    assert token_queries.live(token, now=clock.now()) is None


def test_a_person_holds_a_few_tokens_only(browser, bob, clock):
    for number in range(tokens.MOST_OF_A_PERSON):
        tokens.make(bob, name=f"number {number}", days=30, now=clock.now())

    answer = make(browser)

    assert answer.status_code == 422
    assert "You have 20 tokens" in answer.text
