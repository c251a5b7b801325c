"""The administrator's pages about people and the site."""

import pytest

from app import clock as app_clock
from app.extensions import db
from app.models.accounts import Account
from app.queries import accounts as account_queries
from app.queries.site import site as read_site
from app.rules.states import HostingPolicy, SignUpPolicy
from tests.factories import PASSWORD, make_account

SETTINGS = {
    "site_name": "Lab",
    "language": "ja",
    "timezone": "Asia/Tokyo",
    "sign_up": "domains",
    "sign_up_domains": "example.com",
    "hosting": "everybody",
}


@pytest.fixture
def ben(site):
    return make_account("Ben")


def again(account):
    """Read an account as it is now."""
    return db.session.get(Account, account.id)


@pytest.mark.parametrize("endpoint", ["people.index", "people.settings", "people.audit"])
def test_the_administrators_pages_are_there_for_administrators_only(pages, admin, ben, endpoint):
    assert admin.get(endpoint).status_code == 200
    assert pages.signed_in(ben).get(endpoint).status_code == 404
    assert pages.get(endpoint).location.startswith("/sign-in")


def test_the_list_shows_everybody_and_finds_somebody(admin, ben):
    make_account("Cleo", email="cleo@lab.example")

    assert "ben@example.com" in admin.get("people.index").text
    found = admin.get("people.index", q="LAB.").text
    assert "Cleo" in found
    assert "ben@example.com" not in found
    assert "Nobody found" in admin.get("people.index", q="zzz").text
    assert admin.get("people.index", q="'\x00%_\\", page="x").status_code == 200


@pytest.mark.parametrize(
    ("endpoint", "column"),
    [("people.set_active", "is_active"), ("people.set_admin", "is_admin"), ("people.set_may_host", "may_host")],
)
def test_a_switch_answers_with_itself_in_its_new_state(admin, ben, endpoint, column):
    for on in (True, False, False, True):
        answer = admin.post(endpoint, {"on": "1" if on else ""}, htmx=True, account_id=ben.id)

        assert answer.status_code == 200
        assert f'aria-checked="{str(on).lower()}"' in answer.text
        assert f'name="on" value="{"" if on else "1"}"' in answer.text
        assert getattr(again(ben), column) is on


def test_a_switch_works_without_scripts(admin, ben):
    answer = admin.post("people.set_may_host", {"on": "1"}, account_id=ben.id)

    assert answer.status_code == 303
    assert answer.location == "/admin/people"
    assert again(ben).may_host


def test_the_last_administrator_cannot_be_switched_off(admin, ada):
    answer = admin.post("people.set_admin", {"on": ""}, htmx=True, account_id=ada.id)

    assert answer.status_code == 409
    assert "only administrator left" in answer.text
    assert again(ada).is_admin


def test_a_person_who_is_no_administrator_switches_nothing(pages, ben):
    for endpoint in ("people.set_active", "people.set_admin", "people.set_may_host"):
        answer = pages.signed_in(ben).post(endpoint, {"on": "1"}, htmx=True, account_id=ben.id)

        assert answer.status_code == 404
    assert not again(ben).is_admin


def test_nobody_there_is_not_found(admin):
    assert admin.get("people.person", account_id=999).status_code == 404
    assert admin.post("people.set_active", {"on": ""}, htmx=True, account_id=999).status_code == 404


def test_an_invitation_link_is_shown_once_and_can_be_withdrawn(admin, pages):
    answer = admin.post("people.invite", {"email": "cleo@example.com"})
    link = answer.text.split('value="http://localhost')[1].split('"')[0]
    assert 'data-copy="link"' in answer.text
    assert pages.get_path(link).status_code == 200

    listed = admin.get("people.index").text
    assert "cleo@example.com" in listed
    assert link.rsplit("/", 1)[1] not in listed

    [invitation] = account_queries.open_invitations(now=app_clock.now())
    admin.post("people.withdraw", invitation_id=invitation.id)

    assert pages.get_path(link).status_code == 404


@pytest.mark.parametrize("email", ["no address", "ben@example.com"])
def test_an_invitation_for_nobody_or_somebody_known_is_refused(admin, ben, email):
    answer = admin.post("people.invite", {"email": email})

    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_an_administrator_hands_over_a_reset_link_and_never_sees_a_password(admin, pages, ben):
    answer = admin.post("people.make_reset_link", account_id=ben.id)

    link = answer.text.split('value="http://localhost')[1].split('"')[0]
    assert pages.get_path(link).status_code == 200
    assert 'type="password"' not in answer.text
    assert 'type="password"' not in admin.get("people.person", account_id=ben.id).text


def test_an_administrator_changes_an_address(admin, ben):
    refused = admin.post("people.change_email", {"email": "ada@example.com"}, account_id=ben.id)
    admin.post("people.change_email", {"email": "ben@new.example"}, account_id=ben.id)

    assert refused.status_code == 422
    assert again(ben).email == "ben@new.example"


def test_an_administrator_ends_all_sessions_of_a_person(admin, pages, ben):
    signed_in = pages.signed_in(ben)

    admin.post("people.end_sessions", account_id=ben.id)

    assert signed_in.get("accounts.profile").status_code == 303


def test_settings_hold_at_once_and_are_written_down(admin, ada):
    answer = admin.post("people.settings", SETTINGS, follow=True)

    site = read_site()
    assert answer.status_code == 200
    assert (site.name, site.language, site.timezone) == ("Lab", "ja", "Asia/Tokyo")
    assert (site.sign_up, site.hosting) == (SignUpPolicy.DOMAINS, HostingPolicy.EVERYBODY)
    assert not site.visitors_may_read
    entry = account_queries.audit_entries().rows[0]
    assert entry.account.id == ada.id
    assert entry.details["sign_up"] == {"before": "open", "after": "domains"}
    assert "domains" in admin.get("people.audit").text


@pytest.mark.parametrize(
    "change", [{"sign_up_domains": ""}, {"site_name": ""}, {"sign_up": "x"}, {"hosting": ""}, {"language": "xx"}]
)
def test_settings_that_make_no_sense_are_refused(admin, change):
    answer = admin.post("people.settings", SETTINGS | change)

    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert read_site().name == "Shiai"


GRAVE = [
    ("people.invite", {}, False),
    ("people.set_admin", {"on": "1"}, True),
    ("people.set_active", {"on": ""}, True),
    ("people.change_email", {"email": "x@example.com"}, True),
    ("people.make_reset_link", {}, True),
    ("people.settings", SETTINGS, False),
]


@pytest.mark.parametrize(("endpoint", "data", "about_ben"), GRAVE)
def test_a_grave_step_long_after_signing_in_asks_for_the_password_first(admin, ben, clock, endpoint, data, about_ben):
    values = {"account_id": ben.id} if about_ben else {}
    clock.advance(minutes=16)

    answer = admin.post(endpoint, data, headers={"Referer": "http://localhost/admin/people?q=b"}, **values)

    assert answer.location == "/confirm?next=/admin/people?q%3Db"
    assert not again(ben).is_admin
    assert again(ben).is_active
    assert read_site().name == "Shiai"


def test_htmx_is_sent_to_the_page_that_asks_for_the_password(admin, ben, clock):
    clock.advance(minutes=16)

    answer = admin.post("people.set_admin", {"on": "1"}, htmx=True, account_id=ben.id)

    assert answer.headers["HX-Redirect"].startswith("/confirm")
    assert not again(ben).is_admin


def test_who_gives_the_password_again_goes_on_with_a_new_session(admin, ben, clock):
    clock.advance(minutes=16)
    cookie = admin.cookie()
    assert admin.get("accounts.confirm", next="/admin/people").status_code == 200

    wrong = admin.post("accounts.confirm", {"password": "wrong"}, next="/admin/people")
    right = admin.post("accounts.confirm", {"password": PASSWORD}, next="/admin/people")

    assert wrong.status_code == 422
    assert right.location == "/admin/people"
    assert admin.cookie() != cookie
    assert admin.post("people.set_admin", {"on": "1"}, htmx=True, account_id=ben.id).status_code == 200


def test_a_demoted_administrator_is_signed_out(admin, pages, ben):
    admin.post("people.set_admin", {"on": "1"}, htmx=True, account_id=ben.id)
    signed_in = pages.signed_in(again(ben))
    assert signed_in.get("people.index").status_code == 200

    admin.post("people.set_admin", {"on": ""}, htmx=True, account_id=ben.id)

    assert signed_in.get("people.index").location.startswith("/sign-in")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_of_this_tower_is_sound_in_both_languages(admin, pages, ben, language):
    for browser in (admin, pages):
        browser.post("accounts.set_language", {"language": language})

    for endpoint, values in [
        ("people.index", {}),
        ("people.person", {"account_id": ben.id}),
        ("people.settings", {}),
        ("people.audit", {}),
        ("accounts.profile", {}),
        ("accounts.confirm", {}),
    ]:
        assert admin.get(endpoint, **values).status_code == 200
    for endpoint in ("accounts.sign_in", "accounts.sign_up"):
        assert pages.get(endpoint).status_code == 200
