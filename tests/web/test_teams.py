"""The team's page in the browser, and the pages of those who are asked in."""

import pytest

from app.extensions import db, writing
from app.models.participation import RulesAcceptance
from app.models.teams import Team
from app.queries import team_requests, teams
from app.rules.states import TeamStatus
from tests.factories import make_account, make_scored, make_team


@pytest.fixture
def people(challenge):
    return {name: make_account(name) for name in ("Bob", "Carol", "Eve")}


@pytest.fixture
def team(challenge, people):
    return make_team(challenge, people["Bob"], name="Bobcats", join_code="the-code")


@pytest.fixture
def bob(pages, people, team):
    return pages.signed_in(people["Bob"])


@pytest.fixture
def carol(pages, people):
    return pages.signed_in(people["Carol"])


def place(challenge, person):
    db.session.expire_all()
    return teams.membership(challenge.id, person.id)


def invite(bob, name):
    return bob.post("team_requests.invite", {"invite_form-name": name}, slug="tumours", follow=True)


def test_an_invitation_stands_on_the_persons_first_page_and_is_accepted_with_the_rules(
    bob, carol, challenge, people, team
):
    assert "If there is somebody of this name" in invite(bob, "Carol").text
    invitation = team_requests.open_invitations_of(team.id)[0]
    assert "Bob invites you into the team Bobcats." in carol.get("home.index").text
    assert "Invitation into the team Bobcats" in carol.get("participation.join", slug="tumours").text

    refused = carol.post("participation.accept", {}, slug="tumours", invitation_id=invitation.id)
    answer = carol.post(
        "participation.accept",
        {f"invited{invitation.id}-accepts_rules": "y"},
        slug="tumours",
        invitation_id=invitation.id,
    )

    assert (refused.status_code, answer.status_code) == (422, 303)
    assert place(challenge, people["Carol"]).team_id == team.id
    assert "invites you" not in carol.get("home.index").text


def test_inviting_tells_nobody_who_has_an_account(bob, people):
    real, unreal = invite(bob, "Carol").text, invite(bob, "Zora").text

    assert "If there is somebody of this name" in real
    assert "If there is somebody of this name" in unreal


def test_declining_takes_the_invitation_off_both_pages(bob, carol, team):
    invite(bob, "Carol")
    invitation = team_requests.open_invitations_of(team.id)[0]
    assert "Withdraw<span" in bob.get("teams.show", slug="tumours").text

    answer = carol.post("participation.decline", slug="tumours", invitation_id=invitation.id, follow=True)

    assert "You have declined" in answer.text
    assert "Withdraw<span" not in bob.get("teams.show", slug="tumours").text


def test_who_is_in_a_team_already_reads_on_its_page_what_an_invitation_asks_for_and_can_decline(
    bob, carol, challenge, people, team
):
    own = make_team(challenge, people["Carol"], name="Cats")
    invite(bob, "Carol")
    invitation = team_requests.open_invitations_of(team.id)[0]
    page = carol.get("participation.join", slug="tumours", follow=True)
    assert "Bob invites you into the team Bobcats." in page.text
    assert "leave your team first" in page.text

    make_scored(challenge.phases[0], own, {"AUC": 0.5})

    assert "merging the two teams" in carol.get("teams.show", slug="tumours").text
    carol.post("participation.decline", slug="tumours", invitation_id=invitation.id)
    assert "invites you" not in carol.get("teams.show", slug="tumours").text


def test_who_is_in_a_team_and_opens_a_link_or_a_code_is_told_why_nothing_happens(carol, challenge, people, bob):
    make_team(challenge, people["Carol"], name="Cats")
    bob.post("team_requests.make_link", slug="tumours")

    for opened in ({"code": "the-code"}, {"invitation": "any"}):
        page = carol.get("participation.join", slug="tumours", follow=True, **opened)
        assert "To join another team, leave yours first." in page.text


def test_a_second_click_on_an_invitation_leads_to_the_team_and_says_so(bob, carol, challenge, people, team):
    invite(bob, "Carol")
    invitation = team_requests.open_invitations_of(team.id)[0]
    accepts = {f"invited{invitation.id}-accepts_rules": "y"}
    carol.post("participation.accept", accepts, slug="tumours", invitation_id=invitation.id)

    again = carol.post("participation.accept", accepts, slug="tumours", invitation_id=invitation.id, follow=True)

    assert "You take part in this challenge already" in again.text
    assert place(challenge, people["Carol"]).team_id == team.id


def test_an_invitation_that_was_taken_back_while_it_was_read_says_so(bob, carol, challenge, people, team):
    invite(bob, "Carol")
    invitation = team_requests.open_invitations_of(team.id)[0]
    bob.post("team_requests.revoke", slug="tumours", invitation_id=invitation.id)

    accepts = {f"invited{invitation.id}-accepts_rules": "y"}
    answer = carol.post("participation.accept", accepts, slug="tumours", invitation_id=invitation.id)

    assert answer.status_code == 422
    assert "or withdrawn, or it has expired" in answer.text


def test_who_has_sent_files_reads_before_leaving_that_there_is_no_other_team(bob, carol, challenge, team):
    assert "no other team can take you in" not in bob.get("teams.show", slug="tumours").text

    code = {"join-code": "the-code", "join-accepts_rules": "y"}
    carol.post("participation.join_team", code, slug="tumours")
    make_scored(challenge.phases[0], team, {"AUC": 0.5})

    assert "no other team can take you in" in bob.get("teams.show", slug="tumours").text


def test_a_link_opens_for_whoever_holds_it_and_only_for_the_holder(bob, carol, challenge, people, team):
    bob.post("team_requests.make_link", slug="tumours")
    invitation = team_requests.open_invitations_of(team.id)[0]
    assert invitation.token in bob.get("teams.show", slug="tumours").text
    accepts = {f"invited{invitation.id}-accepts_rules": "y"}

    page = carol.get("participation.join", slug="tumours", invitation=invitation.token)
    without = carol.post("participation.accept", accepts, slug="tumours", invitation_id=invitation.id)
    answer = carol.post(
        "participation.accept",
        accepts | {"invitation": invitation.token},
        slug="tumours",
        invitation_id=invitation.id,
    )

    assert "Invitation into the team Bobcats" in page.text
    assert (without.status_code, answer.status_code) == (404, 303)
    assert place(challenge, people["Carol"]).team_id == team.id


def test_a_dead_link_says_so(carol, challenge):
    page = carol.get("participation.join", slug="tumours", invitation="no-such-token")

    assert "has expired" in page.text


def test_htmx_gets_the_team_without_the_page_and_a_browser_without_it_the_page(bob, team):
    piece = bob.post("teams.rename", {"name_form-name": "Lynxes"}, slug="tumours", htmx=True)
    plain = bob.post("teams.rename", {"name_form-name": "Bobcats"}, slug="tumours")

    assert piece.status_code == 200
    assert piece.text.lstrip().startswith('<div id="team"')
    assert "Lynxes" in piece.text
    assert plain.location == "/challenges/tumours/team"


@pytest.mark.parametrize("htmx", [True, False])
def test_a_name_that_is_taken_stands_beside_its_field(bob, challenge, htmx):
    make_team(challenge, name="Rivals")

    answer = bob.post("teams.rename", {"name_form-name": "rivals"}, slug="tumours", htmx=htmx)

    assert answer.status_code == 422
    assert "already" in answer.text
    assert 'value="rivals"' in answer.text


def test_who_leaves_sees_nothing_of_the_team_any_more(bob, carol, challenge, people, team):
    made = make_scored(challenge.phases[0], team, {"AUC": 0.5}, file_name="canary-bobcats.csv")
    invite(bob, "Carol")
    invitation = team_requests.open_invitations_of(team.id)[0]
    carol.post(
        "participation.accept",
        {f"invited{invitation.id}-accepts_rules": "y"},
        slug="tumours",
        invitation_id=invitation.id,
    )
    assert carol.get("submissions.show", submission_id=made.id).status_code == 200

    answer = carol.post("teams.leave", slug="tumours")

    assert answer.location == "/challenges/tumours"
    for endpoint, values in (
        ("submissions.show", {"submission_id": made.id}),
        ("submissions.status", {"submission_id": made.id}),
        ("submissions.file", {"submission_id": made.id}),
        ("submissions.result", {"submission_id": made.id}),
        ("submissions.mine_rows", {"slug": "tumours"}),
        ("teams.show", {"slug": "tumours"}),
    ):
        assert carol.get(endpoint, **values).status_code == 404, endpoint
    assert "canary-bobcats" not in carol.get("submissions.mine", slug="tumours", follow=True).text


def test_two_leaders_make_one_team_in_the_browser(bob, carol, challenge, people, team):
    theirs = make_team(challenge, people["Carol"], name="Cats")
    carol.post("team_requests.ask_to_merge", {"merge_form-name": "Bobcats"}, slug="tumours")
    asked = team_requests.open_merges_of(team.id)[0]
    for page in (bob.get("teams.show", slug="tumours"), bob.get("home.index")):
        assert "Cats would like to become part of your team." in page.text
    assert "become part" not in carol.get("home.index").text

    bob.post("team_requests.answer_merge", slug="tumours", merge_id=asked.id, answer="accept")

    assert place(challenge, people["Carol"]).team_id == team.id
    assert db.session.get(Team, theirs.id).status is TeamStatus.MERGED


def test_what_keeps_two_teams_apart_is_said_in_place(bob, carol, challenge, people, team):
    with writing():
        challenge.extra = {"max_team_members": 2}
    make_team(challenge, people["Carol"], people["Eve"], name="Cats")

    answer = carol.post("team_requests.ask_to_merge", {"merge_form-name": "Bobcats"}, slug="tumours", htmx=True)

    assert answer.status_code == 422
    assert "3 members" in answer.text


def test_when_the_rules_change_every_page_says_so_and_one_click_accepts_them(bob, challenge, people, team):
    assert "The rules have changed" not in bob.get("challenges.show", slug="tumours").text
    with writing():
        challenge.terms_and_conditions = "<p>Play fairer.</p>"

    assert "The rules have changed" in bob.get("sending.new_to", slug="tumours", codename="dev").text
    page = bob.get("challenges.rules", slug="tumours")
    sha256 = page.text.split('name="sha256" value="')[1].split('"')[0]
    answer = bob.post("rules.accept", {"sha256": sha256}, slug="tumours", follow=True)

    assert "You have accepted the current rules" in answer.text
    assert "The rules have changed" not in answer.text
    kept = db.session.query(RulesAcceptance).filter_by(account_id=people["Bob"].id).one()
    assert kept.rules.text == "<p>Play fairer.</p>"


def test_the_rules_page_says_what_changed_since_they_were_accepted(pages, challenge):
    browser = pages.signed_in(make_account("Dora"))
    browser.post("participation.alone", {"alone-accepts_rules": "y"}, slug="tumours")
    with writing():
        challenge.terms_and_conditions = "<p>Play fairer.</p><p>Teams of <b>three</b>.</p>"

    page = browser.get("challenges.rules", slug="tumours").text

    assert "<del>Play fair.</del>" in page
    assert "<ins>Teams of three.</ins>" in page
    assert "No longer there" not in pages.get("challenges.rules", slug="tumours").text


def test_rules_that_changed_again_while_they_were_read_are_not_accepted(bob, challenge, team):
    with writing():
        challenge.terms_and_conditions = "<p>Third text.</p>"

    answer = bob.post("rules.accept", {"sha256": "0" * 64}, slug="tumours")

    assert answer.status_code == 409
