"""Coming and going in a browser: sessions, tokens of forms, where people are sent, links, language."""

import pytest
from sqlalchemy import select

from app.extensions import db, writing
from app.models.accounts import Account, SignIn
from app.queries import accounts as account_queries
from app.rules.states import SignUpPolicy
from app.services import invitations, passwords, people
from tests.factories import PASSWORD, make_account, make_admin, make_site
from tests.pages import Pages

ENTRY = {"name": "Ben", "email": "ben@example.com", "password": PASSWORD, "again": PASSWORD}
ADA = {"who": "Ada", "password": PASSWORD}
NEW = {"current": PASSWORD, "password": "quiet lantern forty-two", "again": "quiet lantern forty-two"}


@pytest.fixture
def ada(site):
    return make_account("Ada")


def is_signed_in(pages):
    return pages.get("accounts.profile").status_code == 200


def test_a_person_signs_in_and_out(pages, ada):
    assert pages.get("accounts.sign_in").status_code == 200

    assert pages.post("accounts.sign_in", ADA).location == "/"
    assert is_signed_in(pages)

    assert pages.post("accounts.sign_out").location == "/sign-in"
    assert not is_signed_in(pages)


def test_after_signing_in_one_is_where_one_wanted_to_go(pages, ada):
    wanted = pages.get("accounts.profile")
    assert wanted.location == "/sign-in?next=/profile"

    form = pages.get_path(wanted.location)

    assert 'action="/sign-in?next=/profile"' in form.text
    assert pages.post_path(wanted.location, ADA).location == "/profile"


@pytest.mark.parametrize("trick", ["//evil", "/\\evil", "https:evil", "javascript:alert(1)", "/%09/evil", "\t//evil"])
def test_nobody_is_sent_elsewhere(pages, ada, trick):
    assert pages.post_path(pages.path("accounts.sign_in", next=trick), ADA).location in {"/", "/%09/evil"}
    assert pages.post("accounts.set_language", {"language": "en", "next": trick}).location in {"/", "/%09/evil"}


def test_every_refusal_of_a_sign_in_is_the_same_page(pages, ada):
    make_account("Gone", is_active=False)

    bodies = set()
    for who, password in (("Ada", "wrong"), ("Nobody", "wrong"), ("Gone", PASSWORD)):
        answer = pages.post("accounts.sign_in", {"who": who, "password": password})
        assert answer.status_code == 422
        bodies.add(answer.text.replace(f'value="{who}"', ""))

    assert len(bodies) == 1
    assert "The name or the password is wrong" in bodies.pop()


def test_too_many_failures_answer_429_with_the_time_to_wait(pages, ada):
    for _ in range(10):
        pages.post("accounts.sign_in", ADA | {"password": "wrong"})

    answer = pages.post("accounts.sign_in", ADA)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 800
    assert "Try again in 15 min" in answer.text


def test_a_header_that_anybody_can_write_does_not_make_another_address(pages, ada):
    for number in range(10):
        pages.post("accounts.sign_in", ADA | {"password": "x"}, headers={"X-Forwarded-For": f"198.51.100.{number}"})

    assert pages.post("accounts.sign_in", ADA, headers={"X-Forwarded-For": "198.51.100.99"}).status_code == 429


def test_a_busy_server_asks_to_come_again_and_keeps_the_form(pages, ada, monkeypatch):
    gate = passwords.Gate()
    monkeypatch.setattr(passwords, "_gate", gate)
    for _ in range(3):
        gate._room.acquire()

    answer = pages.post("accounts.sign_in", ADA)

    assert answer.status_code == 429
    assert 'value="Ada"' in answer.text
    assert "Try again in a few seconds" in answer.text


@pytest.mark.parametrize("size", [300, 1_000_000])
def test_a_huge_password_is_refused_before_it_is_hashed(pages, ada, monkeypatch, size):
    monkeypatch.setattr(passwords, "check_password_hash", None)

    assert pages.post("accounts.sign_in", ADA | {"password": "x" * size}).status_code in {413, 422}


def test_signing_in_changes_the_session_and_drops_what_was_planted(pages, ada):
    token_before = pages.csrf_token()
    pages.plant(planted="by somebody else")
    cookie_before = pages.cookie()

    pages.post("accounts.sign_in", ADA)

    assert "planted" not in pages.plant()
    assert pages.cookie() != cookie_before
    assert pages.post("accounts.sign_out", token=token_before).status_code == 400
    assert is_signed_in(pages)


def test_signing_in_again_ends_the_session_this_browser_had(pages, ada):
    make_account("Ben")
    pages.post("accounts.sign_in", ADA)

    pages.post("accounts.sign_in", ADA | {"who": "Ben"})

    assert [row.account.name for row in db.session.scalars(select(SignIn))] == ["Ben"]


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app, pages, ada):
    pages.post("accounts.sign_in", ADA)
    stolen = pages.cookie()
    pages.post("accounts.sign_out")

    thief = Pages(app)
    thief.client.set_cookie("session", stolen)

    assert not is_signed_in(thief)


def test_a_copied_cookie_is_worth_nothing_after_a_new_password_and_this_browser_stays(app, pages, ada):
    pages.post("accounts.sign_in", ADA)
    elsewhere = pages.signed_in(ada)
    thief = Pages(app)
    thief.client.set_cookie("session", pages.cookie())
    assert is_signed_in(thief)

    answer = pages.post("accounts.change_password", NEW, follow=True)

    assert "Your password is changed" in answer.text
    assert is_signed_in(pages)
    assert not is_signed_in(thief)
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"current": "wrong"}, "not your password"),
        ({"current": ""}, "Please fill this in"),
        ({"again": "other"}, "differ"),
        ({"password": "short", "again": "short"}, "at least 12"),
        ({"password": "ada@example.com", "again": "ada@example.com"}, "name or an address"),
    ],
)
def test_a_mistake_when_changing_the_password_is_named(pages, ada, change, sentence):
    signed_in = pages.signed_in(ada)

    answer = signed_in.post("accounts.change_password", NEW | change)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert passwords.matches(ada.password_hash, PASSWORD)


@pytest.mark.parametrize(
    "cut", [lambda c: c[:-4], lambda c: c[:20], lambda c: "x" * 5000, lambda c: "é", lambda c: c + c]
)
def test_a_damaged_cookie_is_a_visitors(pages, ada, cut):
    pages.post("accounts.sign_in", ADA)

    damaged = cut(pages.cookie())
    pages.client.delete_cookie("session")
    pages.client.set_cookie("session", damaged[:4000])

    assert pages.get("home.index").status_code == 200
    assert not is_signed_in(pages)


def test_a_cookie_signed_with_another_key_is_a_visitors(make_app, pages, ada):
    stranger = Pages(make_app(secret_key="another key that tests know 987654"))
    stranger.post("accounts.sign_in", ADA)
    assert is_signed_in(stranger)

    pages.client.set_cookie("session", stranger.cookie())

    assert not is_signed_in(pages)


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(pages, ada):
    cookie = pages.post("accounts.sign_in", ADA).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie
    assert pages.cookie("remember_token") is None


def test_under_https_the_cookie_is_secure_and_bound_to_the_host(make_app, site, ada):
    pages = Pages(make_app(base_url="https://localhost"))

    answer = pages.client.get("/sign-in", base_url="https://localhost")

    assert answer.headers["Set-Cookie"].startswith("__Host-session=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_a_deactivated_person_is_a_visitor_at_the_next_request(pages, ada):
    signed_in = pages.signed_in(ada)

    people.set_active(ada, on=False, by=make_admin("Bea"), now=ada.created_at)

    assert not is_signed_in(signed_in)


def test_an_idle_session_ends_and_one_in_use_goes_on(pages, ada, clock):
    signed_in = pages.signed_in(ada)

    for _ in range(3):
        clock.advance(hours=11)
        assert is_signed_in(signed_in)
    clock.advance(hours=12, minutes=1)

    assert not is_signed_in(signed_in)


def test_a_person_sees_where_they_are_signed_in_and_ends_it(pages, ada):
    here, there = pages.signed_in(ada), pages.signed_in(ada)
    assert here.get("accounts.profile").text.count("test browser") >= 2
    other = min(row.id for row in db.session.scalars(select(SignIn)).all()[1:])

    here.post("accounts.end_session", sign_in_id=other)

    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_all_other_browsers_are_signed_out_at_once(pages, ada):
    here, there = pages.signed_in(ada), pages.signed_in(ada)

    here.post("accounts.end_other_sessions")

    assert is_signed_in(here)
    assert not is_signed_in(there)


@pytest.mark.parametrize("token", [False, "", "made-up"])
@pytest.mark.parametrize(
    ("endpoint", "data"),
    [
        ("accounts.sign_in", ADA),
        ("accounts.sign_up", ENTRY),
        ("accounts.sign_out", {}),
        ("accounts.profile", {"name": "Eve", "language": "en"}),
        ("accounts.change_password", NEW),
        ("accounts.end_other_sessions", {}),
        ("accounts.set_language", {"language": "ja"}),
        ("people.invite", {}),
        ("people.settings", {}),
    ],
)
def test_a_form_without_its_token_changes_nothing(pages, ada, endpoint, data, token):
    admin = pages.signed_in(make_admin("Bea"))

    answer = admin.post(endpoint, data, token=token)

    assert answer.status_code == 400
    assert "too old, or it came from another page" in answer.text
    assert is_signed_in(admin)
    assert account_queries.by_name_or_email("Ben") is None


def test_a_token_of_another_session_is_refused(pages, ada):
    signed_in = pages.signed_in(ada)

    assert signed_in.post("accounts.sign_out", token=pages.csrf_token()).status_code == 400
    assert is_signed_in(signed_in)


@pytest.mark.parametrize(("site_of_sender", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 303)])
def test_a_form_that_the_browser_says_comes_from_another_site_is_refused(pages, ada, site_of_sender, status):
    assert pages.post("accounts.sign_in", ADA, headers={"Sec-Fetch-Site": site_of_sender}).status_code == status


def test_an_htmx_form_brings_its_token_in_a_header_and_gets_a_message_without(pages, ada):
    admin = pages.signed_in(make_admin("Bea"))
    path = {"account_id": ada.id}

    good = admin.post("people.set_may_host", {"on": "1"}, htmx=True, **path)
    bad = admin.post("people.set_may_host", {"on": ""}, htmx=True, token=False, **path)

    assert good.status_code == 200
    assert 'aria-checked="true"' in good.text
    assert "<html" not in good.text
    assert bad.status_code == 400
    assert "data-sentence" in bad.text
    assert db.session.get(Account, ada.id).may_host


@pytest.mark.parametrize("endpoint", ["accounts.sign_out", "accounts.set_language", "accounts.change_password"])
def test_no_get_changes_anything(pages, ada, endpoint):
    signed_in = pages.signed_in(ada)

    assert signed_in.get(endpoint).status_code == 405
    assert is_signed_in(signed_in)


def test_no_other_site_may_read_an_answer(pages):
    answer = pages.get("accounts.sign_in", headers={"Origin": "https://evil.example"})

    assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]


def test_a_name_this_server_does_not_have_is_refused(pages):
    answer = pages.client.get("/sign-in", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_somebody_signs_up_where_anybody_may(pages):
    assert pages.get("accounts.sign_up").status_code == 200

    answer = pages.post("accounts.sign_up", ENTRY, follow=True)

    assert "Welcome" in answer.text
    assert is_signed_in(pages)
    assert not account_queries.by_name_or_email("Ben").is_admin


def test_nobody_becomes_more_than_a_participant_by_adding_fields(pages):
    pages.post("accounts.sign_up", ENTRY | {"is_admin": "1", "may_host": "1", "is_active": ""})

    ben = account_queries.by_name_or_email("Ben")
    assert (ben.is_admin, ben.may_host, ben.is_active) == (False, False, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "ada"}, "taken"),
        ({"email": "ADA@example.com"}, "No account can be made with this e-mail address"),
        ({"email": "a" * 10_000 + "@example.com"}, "too long"),
        ({"name": "a\u202eb"}, "hidden character"),
        ({"password": "benbenbenben", "again": "benbenbenben"}, "easy to guess"),
        ({"again": "x"}, "differ"),
    ],
)
def test_a_mistake_when_signing_up_is_named(pages, ada, change, sentence):
    answer = pages.post("accounts.sign_up", ENTRY | change)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert account_queries.by_name_or_email("Ben") is None


def test_a_name_that_looks_like_markup_is_shown_as_it_is(pages):
    answer = pages.post("accounts.sign_up", ENTRY | {"name": "<img src=x>{{7*7}}"}, follow=True)

    assert "&lt;img src=x&gt;{{7*7}}" in answer.text
    assert "<img src=x>" not in answer.text


def test_where_invitations_are_needed_the_sign_up_page_says_so(app):
    make_site(sign_up=SignUpPolicy.INVITATION)
    pages = Pages(app)

    assert "invitation link" in pages.get("accounts.sign_up").text
    assert pages.post("accounts.sign_up", ENTRY).status_code == 200
    assert account_queries.by_name_or_email("Ben") is None


def test_an_invited_person_makes_an_account_with_the_link_once(app):
    make_site(sign_up=SignUpPolicy.INVITATION)
    admin = make_admin()
    token = invitations.invite(by=admin, email="ben@example.com", now=admin.created_at)
    pages = Pages(app)
    assert 'value="ben@example.com"' in pages.get_path(f"/invitations/{token}").text

    refused = pages.post_path(f"/invitations/{token}", ENTRY | {"email": "cleo@example.com"})
    accepted = pages.post_path(f"/invitations/{token}", ENTRY)

    assert refused.status_code == 422
    assert accepted.location == "/"
    assert is_signed_in(pages)
    assert Pages(app).get_path(f"/invitations/{token}").status_code == 404


def test_a_reset_link_lets_a_person_set_a_password_and_in(pages, ada):
    admin = make_admin("Bea")
    token = invitations.make_reset_link(ada, by=admin, now=admin.created_at)
    assert pages.get_path(f"/invitations/{token}").status_code == 200

    weak = pages.post_path(f"/invitations/{token}", {"password": "adaadaadaada", "again": "adaadaadaada"})
    answer = pages.post_path(f"/invitations/{token}", NEW, follow=True)

    assert weak.status_code == 422
    assert "Your new password is set" in answer.text
    assert is_signed_in(pages)
    assert pages.get_path(f"/invitations/{token}").status_code == 404


def test_a_person_changes_name_zone_and_language_but_neither_address_nor_role(pages, ada):
    signed_in = pages.signed_in(ada)
    fields = {"name": "Ada L", "language": "ja", "timezone": "Asia/Tokyo", "email": "x@example.com", "is_admin": "1"}

    answer = signed_in.post("accounts.profile", fields, follow=True)

    assert '<html lang="ja">' in answer.text
    assert "Asia/Tokyo" in answer.text
    assert (ada.name, ada.language, ada.timezone) == ("Ada L", "ja", "Asia/Tokyo")
    assert (ada.email, ada.is_admin) == ("ada@example.com", False)


def test_a_new_language_is_spoken_from_the_first_sentence_on(pages, ada):
    fields = {"name": "Ada", "language": "ja", "timezone": ""}

    answer = pages.signed_in(ada).post("accounts.profile", fields, follow=True)

    assert "プロフィールを保存しました。" in answer.text
    assert "Your profile is saved." not in answer.text


def test_a_profile_with_a_taken_name_comes_back_with_the_reason(pages, ada):
    make_account("Ben")

    answer = pages.signed_in(ada).post("accounts.profile", {"name": "BEN", "language": "en", "timezone": ""})

    assert answer.status_code == 422
    assert "taken" in answer.text


def test_the_language_switch_holds_for_a_visitor_and_comes_back_to_the_page(pages):
    answer = pages.post("accounts.set_language", {"language": "ja", "next": "/sign-in?next=/profile"})

    assert answer.location == "/sign-in?next=/profile"
    assert '<html lang="ja">' in pages.get("accounts.sign_in").text


def test_the_language_switch_holds_for_a_person_in_every_browser(pages, ada):
    pages.signed_in(ada).post("accounts.set_language", {"language": "ja"})

    assert '<html lang="ja">' in pages.signed_in(ada).get("accounts.profile").text


def test_a_language_nobody_speaks_here_is_refused(pages):
    assert pages.post("accounts.set_language", {"language": "xx"}).status_code == 422


def test_the_sites_language_and_zone_hold_for_who_chose_none(app):
    make_site(language="ja", timezone="Asia/Tokyo")

    answer = Pages(app).get("accounts.sign_in")

    assert '<html lang="ja">' in answer.text
    assert "Asia/Tokyo" in answer.text


@pytest.mark.parametrize(
    "path", ["/users/%2e%2e", "/users/admin%00", "/profile/%2e%2e/admin/people", "/invitations/%00"]
)
def test_a_tricky_path_leads_nowhere(pages, path):
    assert pages.get_path(path).status_code == 404


def test_an_error_is_a_page_for_people_and_a_piece_for_htmx(pages):
    page = pages.get_path("/nothing")
    piece = pages.get_path("/nothing", headers={"HX-Request": "true"})

    assert "There is nothing at this address" in page.text
    assert "data-sentence" in page.text
    assert "<html" not in piece.text
    assert "data-sentence" in piece.text


def test_a_database_that_is_gone_still_answers(app, site, pages):
    with writing() as session:
        session.connection().exec_driver_sql("drop table site")

    answer = pages.get("accounts.sign_in")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text


def test_sign_up_is_offered_only_where_somebody_may(app):
    visitor = Pages(app)
    assert "/sign-up" not in visitor.get("setup.waiting").text

    make_site(sign_up=SignUpPolicy.INVITATION)
    assert 'class="button primary compact" href="/sign-up"' not in visitor.get("accounts.sign_in").text

    make_site(sign_up=SignUpPolicy.OPEN)
    assert 'class="button primary compact" href="/sign-up"' in visitor.get("accounts.sign_in").text
