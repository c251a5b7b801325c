"""Taking part in the browser."""

import pytest

from app.extensions import db, writing
from app.queries import teams
from tests.factories import make_account, make_challenge, make_team


@pytest.fixture
def challenge(site):
    return make_challenge("Tumours", terms_and_conditions="<p>Do not cheat.</p>")


@pytest.fixture
def person(challenge):
    return make_account("Bob")


@pytest.fixture
def bob(pages, person):
    return pages.signed_in(person)


def place(challenge, person):
    db.session.expire_all()
    return teams.membership(challenge.id, person.id)


def test_the_page_shows_the_rules_that_are_to_be_accepted(bob):
    assert "Do not cheat." in bob.get("participation.join", slug="tumours").text


def test_one_click_alone_leads_to_the_form(bob, challenge, person):
    answer = bob.post("participation.alone", {"alone-accepts_rules": "y"}, slug="tumours")

    assert (answer.status_code, answer.location) == (303, "/challenges/tumours/submit")
    assert place(challenge, person).team.name == "Bob"


@pytest.mark.parametrize(
    ("endpoint", "data"),
    [
        ("participation.alone", {}),
        ("participation.found_team", {"found-name": "Bobcats"}),
        ("participation.join_team", {"join-code": "abc"}),
    ],
)
def test_without_the_rules_nobody_takes_part_and_the_page_says_why(bob, challenge, person, endpoint, data):
    answer = bob.post(endpoint, data, slug="tumours")

    assert answer.status_code == 422
    assert "Read the rules" in answer.text
    assert place(challenge, person) is None


def test_a_team_is_founded_and_its_link_brings_another_in(bob, challenge, pages):
    bob.post("participation.found_team", {"found-name": "Bobcats", "found-accepts_rules": "y"}, slug="tumours")
    page = bob.get("teams.show", slug="tumours")
    code = page.text.split("/join?code=")[1].split('"')[0].split("<")[0]
    carol = make_account("Carol")
    browser = pages.signed_in(carol)

    form = browser.get("participation.join", slug="tumours", code=code)
    assert f'value="{code}"' in form.text
    browser.post("participation.join_team", {"join-code": code, "join-accepts_rules": "y"}, slug="tumours")

    assert place(challenge, carol).team.name == "Bobcats"
    assert "Carol" in bob.get("teams.show", slug="tumours").text
    assert "example.com" not in bob.get("teams.show", slug="tumours").text


@pytest.mark.parametrize("name", ["", "x" * 41, "   "])
def test_a_name_that_is_none_comes_back_beside_its_field(bob, name):
    data = {"found-name": name, "found-accepts_rules": "y"}

    answer = bob.post("participation.found_team", data, slug="tumours")

    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text


def test_a_name_that_is_taken_says_so_and_is_kept_in_the_form(bob, challenge):
    make_team(challenge, name="Bobcats")

    answer = bob.post("participation.found_team", {"found-name": "Bobcats", "found-accepts_rules": "y"}, slug="tumours")

    assert answer.status_code == 422
    assert "already" in answer.text
    assert 'value="Bobcats"' in answer.text


def test_a_wrong_code_says_what_to_do(bob):
    answer = bob.post("participation.join_team", {"join-code": "nonsense", "join-accepts_rules": "y"}, slug="tumours")

    assert answer.status_code == 422
    assert "Ask the team for it again" in answer.text


def test_a_second_tab_changes_nothing(bob, challenge, person):
    bob.post("participation.alone", {"alone-accepts_rules": "y"}, slug="tumours")

    answer = bob.post("participation.found_team", {"found-name": "B", "found-accepts_rules": "y"}, slug="tumours")

    assert (answer.status_code, answer.location) == (303, "/challenges/tumours/team")
    assert "You take part in this challenge already" in bob.get("teams.show", slug="tumours").text
    assert place(challenge, person).team.name == "Bob"


@pytest.mark.parametrize(
    ("endpoint", "prefix", "more"),
    [
        ("participation.alone", "alone", {}),
        ("participation.found_team", "found", {"found-name": "Bobcats"}),
        ("participation.join_team", "join", {"join-code": "the-code"}),
    ],
)
def test_rules_that_changed_while_they_were_read_are_not_accepted(bob, challenge, person, endpoint, prefix, more):
    make_team(challenge, make_account("Carol"), name="Cats", join_code="the-code")
    shown = challenge.rules_sha256
    with writing():
        challenge.terms_and_conditions = "<p>Share everything.</p>"

    answer = bob.post(endpoint, more | {f"{prefix}-accepts_rules": "y", "rules": shown}, slug="tumours")

    assert answer.status_code == 422
    assert "The rules changed while you read them" in answer.text
    assert "Share everything." in answer.text
    assert "checked" not in answer.text
    assert place(challenge, person) is None
    now = {f"{prefix}-accepts_rules": "y", "rules": challenge.rules_sha256}
    assert bob.post(endpoint, more | now, slug="tumours").status_code == 303


def test_who_takes_part_already_is_led_to_the_team(bob, challenge, person):
    make_team(challenge, person)

    assert bob.get("participation.join", slug="tumours").location == "/challenges/tumours/team"


def test_a_teams_name_is_shown_as_text_everywhere(bob, pages):
    name = "<b>{{ 7*7 }}</b>"
    bob.post("participation.found_team", {"found-name": name, "found-accepts_rules": "y"}, slug="tumours")

    page = bob.get("teams.show", slug="tumours")

    assert "<b>{{" not in page.text
    assert ">49<" not in page.text
