"""The pages of a challenge and the front page."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app import clock as app_clock
from app.extensions import db
from tests.factories import make_account, make_admin, make_challenge, make_host, make_phase, make_stored_file, make_team

PAGES = ("show", "evaluation", "rules", "phases")


def test_the_front_page_groups_what_runs_comes_and_is_over(pages):
    now = app_clock.now()
    make_challenge("Old one", start_at=now - timedelta(days=9), end_at=now - timedelta(days=1))
    make_challenge("Coming one", start_at=now + timedelta(days=1), end_at=now + timedelta(days=9))
    make_challenge("Running one")

    text = pages.get("home.index").text

    assert text.index("Running one") < text.index("Coming one") < text.index("Old one")


def test_an_empty_site_says_what_to_expect(pages):
    assert pages.get("home.index").status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_is_there_in_both_languages(pages, page, language):
    make_challenge("Tumours")

    answer = pages.get(f"challenges.{page}", slug="tumours", lang=language)

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


def test_a_phase_for_hosts_is_on_no_page_of_others(pages):
    hana = make_host()
    challenge = make_challenge("Tumours", host=hana)
    make_phase(challenge, codename="final", name="Final secret phase", is_public=False)

    for page in PAGES:
        assert "Final secret phase" not in pages.get(f"challenges.{page}", slug="tumours").text
    assert "Final secret phase" in pages.signed_in(hana).get("challenges.phases", slug="tumours").text


def test_quotas_are_shown_to_who_takes_part(pages):
    challenge, bob = make_challenge("Tumours"), make_account()
    make_team(challenge, bob)

    assert "5 today, 50 this month, 100 in all" in pages.signed_in(bob).get("challenges.phases", slug="tumours").text


def test_times_are_in_the_viewers_zone_with_the_zone_named(pages):
    challenge = make_challenge("Tumours")
    bob = make_account(timezone="Asia/Tokyo")

    assert "JST" in pages.signed_in(bob).get("challenges.show", slug="tumours").text
    assert "UTC" in pages.get("challenges.show", slug=challenge.slug).text


def test_the_buttons_are_those_that_lead_on(pages):
    challenge, bob = make_challenge("Tumours"), make_account()
    browser = pages.signed_in(bob)
    assert "/challenges/tumours/join" in browser.get("challenges.show", slug="tumours").text

    make_team(challenge, bob)
    text = browser.get("challenges.show", slug="tumours").text
    assert "/challenges/tumours/join" not in text
    assert "/challenges/tumours/submit" in text
    assert "/manage" not in text

    assert "/challenges/tumours/manage" in pages.signed_in(make_admin()).get("challenges.show", slug="tumours").text


def test_a_logo_is_sent_with_its_type_and_a_challenge_without_one_has_none(pages):
    kept = make_stored_file(b"\x89PNG")
    make_challenge("With", logo=kept.key, extra={"logo_type": "image/png"})
    make_challenge("Without")

    answer = pages.get("challenges.logo", slug="with")
    assert (answer.mimetype, answer.data) == ("image/png", b"\x89PNG")
    assert pages.get("challenges.logo", slug="without").status_code == 404


def test_a_challenge_of_many_phases_and_boards_needs_few_queries(app, pages):
    challenge = make_challenge("Tumours")
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def cost():
        asked.clear()
        pages.get("challenges.show", slug="tumours")
        pages.get("leaderboards.show", slug="tumours")
        return len(asked)

    cost()
    one = cost()
    for number in range(6):
        make_phase(challenge, codename=f"phase-{number}", split=f"split-{number}")

    assert cost() <= one + 2


def test_the_data_page_lists_what_is_shared_and_says_what_is_not_there(pages):
    make_challenge("Tumours")

    assert "No file is shared here" in pages.get("data.index", slug="tumours").text


@pytest.mark.parametrize("slug", ["no-such", "tumours%00", "%e3%83%86", "tumours'", "-" * 300])
def test_an_address_that_leads_nowhere_is_not_found(pages, slug):
    make_challenge("Tumours")

    assert pages.get_path(f"/challenges/{slug}").status_code == 404
