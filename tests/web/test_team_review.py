"""The host's pages about teams, and what a waiting or banned participant reads."""

import pytest

from app.extensions import db, writing
from app.models.challenges import Challenge
from app.models.participation import Ban
from app.models.teams import Team
from app.rules.states import SignUpPolicy, TeamStatus
from tests.factories import make_account, make_challenge, make_site, make_team


@pytest.fixture
def bob(site):
    return make_account("Bob", email="bob@secret.example")


@pytest.fixture
def team(challenge, bob):
    return make_team(challenge, bob, name="Bobcats", status=TeamStatus.WAITING)


def now_of(team):
    db.session.expire_all()
    return db.session.get(Team, team.id)


def test_a_waiting_team_is_approved_by_one_click_in_the_list(host, team):
    assert "Waiting for approval" in host.get("team_review.index", slug="tumours").text

    row = host.post("team_review.let_in", slug="tumours", team_id=team.id, deed="approve", htmx=True)

    assert row.text.lstrip().startswith(f'<tr id="team-{team.id}"')
    assert "Taking part" in row.text
    assert now_of(team).status is TeamStatus.ACTIVE


def test_a_refusal_without_a_reason_says_so_and_with_one_is_read_by_the_team(host, pages, team, bob):
    keep_out = {"slug": "tumours", "team_id": team.id, "deed": "refuse"}

    empty = host.post("team_review.keep_out", {"reason": " "}, **keep_out)
    host.post("team_review.keep_out", {"reason": "Only for <b>the lab</b>."}, **keep_out)

    assert (empty.status_code, now_of(team).status) == (422, TeamStatus.REFUSED)
    page = pages.signed_in(bob).get("challenges.show", slug="tumours").text
    assert "Only for &lt;b&gt;the lab&lt;/b&gt;." in page


def test_a_host_sees_the_domain_of_an_address_and_not_the_address(host, team):
    page = host.get("team_review.show", slug="tumours", team_id=team.id).text

    assert "secret.example" in page
    assert "bob@secret.example" not in page


def test_a_person_is_banned_on_the_teams_page_and_let_back_on_the_settings(host, pages, challenge, team, bob):
    person = {"slug": "tumours", "team_id": team.id, "account_id": bob.id}

    host.post("team_review.ban_person", {"reason": "Two accounts."}, **person)

    assert "Two accounts." in pages.signed_in(bob).get("challenges.show", slug="tumours").text
    assert "Two accounts." in host.get("team_review.settings", slug="tumours").text
    host.post("team_review.unban_person", slug="tumours", account_id=bob.id)
    assert db.session.query(Ban).count() == 0


def test_somebody_who_is_not_let_in_reads_why_instead_of_the_forms(host, pages, challenge):
    data = {"kept_out": "secret.example", "taken": "", "max_team_members": "3", "needs_team_approval": "y"}
    saved = host.post("team_review.change_settings", data, slug="tumours", follow=True)

    page = pages.signed_in(make_account("Eve", email="eve@secret.example")).get("participation.join", slug="tumours")

    assert "The settings are saved" in saved.text
    assert "not open to your e-mail address" in page.text
    assert "I have read the rules" not in page.text
    db.session.expire_all()
    kept = db.session.get(Challenge, challenge.id)
    assert (kept.blocked_email_domains, kept.max_team_members, kept.needs_team_approval) == (
        ["secret.example"],
        3,
        True,
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"taken": "no domain!"}, "neither a domain"),
        ({"kept_out": "a@b@c"}, "not an e-mail address"),
        ({"max_team_members": "0"}, "from 1 to 1000"),
        ({"max_team_members": "many"}, "Not a valid integer"),
        ({"teams_close_at": "yesterday"}, "Write a date and a time"),
    ],
)
def test_settings_that_cannot_be_are_said_beside_the_field(host, data, sentence):
    answer = host.post("team_review.change_settings", data, slug="tumours")

    assert answer.status_code == 422
    assert sentence in answer.text


def test_until_when_teams_change_is_read_in_the_hosts_zone(host, hana, challenge):
    with writing():
        hana.timezone = "Asia/Tokyo"

    host.post("team_review.change_settings", {"teams_close_at": "2026-12-01T09:00"}, slug="tumours")

    db.session.expire_all()
    assert db.session.get(Challenge, challenge.id).teams_close_at.isoformat() == "2026-12-01T00:00:00+00:00"
    assert 'value="2026-12-01T09:00"' in host.get("team_review.settings", slug="tumours").text


def test_every_text_of_the_rules_that_was_accepted_is_there_for_the_host(host, pages, challenge):
    browser = pages.signed_in(make_account("Carol"))
    browser.post("participation.alone", {"alone-accepts_rules": "y"}, slug="tumours")
    with writing():
        challenge.terms_and_conditions = "<p>Play fairer.</p>"

    page = host.get("rules.kept", slug="tumours").text

    assert "Play fair." in page
    assert "accepted by 1 person" in page
    assert "Current rules" not in page


def test_a_waiting_participant_reads_that_and_is_led_to_the_team(host, pages, challenge):
    with writing():
        challenge.needs_team_approval = True
    browser = pages.signed_in(make_account("Carol"))

    answer = browser.post("participation.alone", {"alone-accepts_rules": "y"}, slug="tumours", follow=True)

    assert answer.request.path == "/challenges/tumours/team"
    assert "is waiting for the host's approval" in answer.text


def test_a_team_of_another_challenge_is_not_found_under_this_address(host, pages):
    other = make_team(make_challenge("Elsewhere"))

    assert host.get("team_review.show", slug="tumours", team_id=other.id).status_code == 404
    assert host.post("team_review.let_in", slug="tumours", team_id=other.id, deed="unban").status_code == 404


def test_a_host_is_told_that_addresses_are_not_proved_where_anybody_may_sign_up(host):
    assert "without verifying the e-mail address" in host.get("team_review.settings", slug="tumours").text
    make_site(sign_up=SignUpPolicy.INVITATION)

    assert "without verifying the e-mail address" not in host.get("team_review.settings", slug="tumours").text


def test_a_host_is_told_where_teams_wait_before_opening_any_list(host, team):
    for page in (host.get("hosting.index"), host.get("hosting.show", slug="tumours")):
        assert "1 team waits for approval" in page.text
        assert "/challenges/tumours/manage/teams?status=waiting" in page.text
    host.post("team_review.let_in", slug="tumours", team_id=team.id, deed="approve")

    assert "waits for approval" not in host.get("hosting.index").text


def test_what_a_team_cannot_do_yet_is_not_offered_to_it(pages, bob, team):
    browser = pages.signed_in(bob)

    team_page = browser.get("teams.show", slug="tumours").text
    sending = browser.get("sending.new_to", slug="tumours", codename="dev").text

    assert "Ask another team" not in team_page
    assert "Make a link for one person" in team_page
    assert "Not at the moment" in sending
    assert "Accepting files" not in sending
