"""Who gets in, how often they may try, and what ends a session."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app.extensions import db, writing
from app.models.accounts import Account, FailedTry, SignIn
from app.models.site import AuditEntry
from app.queries import accounts as account_queries
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from app.rules.states import SignUpPolicy
from app.services import accounts, invitations, passwords, people, registration, sessions
from app.services.registration import Browser, checked_entry
from tests.factories import PASSWORD, make_account, make_admin, make_site

HERE = Browser("192.0.2.1", "browser")
NEW = "quiet lantern forty-two"


def entry(name="Ben", email="ben@example.com", password=PASSWORD):
    return checked_entry(name=name, email=email, password=password, site_name="Shiai")


def sign_in(who="Ada", password=PASSWORD, *, address="192.0.2.1", now):
    return accounts.sign_in(who, password, browser=Browser(address, "browser"), now=now)


def fail(times, *, who="Ada", address="192.0.2.1", clock):
    for _ in range(times):
        clock.advance(seconds=1)
        with pytest.raises(Invalid):
            sign_in(who, "wrong", address=address, now=clock.now())


@pytest.mark.parametrize("who", ["Ada", " ada ", "ＡＤＡ", "ADA@example.com"])
def test_a_person_signs_in_by_name_or_address_as_they_type_it(site, clock, who):
    ada = make_admin()

    token = sign_in(who, now=clock.now())

    assert account_queries.live_sign_in(token, now=clock.now()).account is ada


def test_the_database_keeps_no_token(site, clock):
    make_admin()

    token = sign_in(now=clock.now())

    assert token not in [sign_in.token_hash for sign_in in db.session.scalars(select(SignIn))]
    assert len(token) >= 43


def test_wrong_password_unknown_name_and_closed_account_are_refused_with_one_sentence(site, clock):
    make_account("Ada")
    make_account("Gone", is_active=False)

    refusals = set()
    for who, password in (("Ada", "wrong"), ("Nobody", PASSWORD), ("Gone", PASSWORD), ("Gone", "wrong")):
        with pytest.raises(Invalid) as refusal:
            sign_in(who, password, now=clock.now())
        refusals.add(str(refusal.value))

    assert len(refusals) == 1


def test_each_refusal_costs_one_hash(site, clock, monkeypatch):
    make_account("Ada")
    make_account("Gone", is_active=False)
    checked = []
    original = passwords.check_password_hash
    monkeypatch.setattr(passwords, "check_password_hash", lambda *args: checked.append(args) or original(*args))

    for who in ("Ada", "Nobody", "Gone"):
        with pytest.raises(Invalid):
            sign_in(who, "wrong", now=clock.now())

    assert len(checked) == 3


def test_a_huge_password_is_refused_unhashed(site, clock, monkeypatch):
    make_account("Ada")
    monkeypatch.setattr(passwords, "check_password_hash", None)

    with pytest.raises(Invalid):
        sign_in("Ada", "x" * 1_000_000, now=clock.now())


def test_ten_failures_in_a_quarter_of_an_hour_close_the_account_to_that_address_only(site, clock):
    make_account("Ada")
    fail(10, clock=clock)

    with pytest.raises(TooMany) as refusal:
        sign_in(now=clock.now())

    assert 880 < refusal.value.retry_after <= 900
    assert sign_in(address="192.0.2.2", now=clock.now())
    clock.advance(minutes=15)
    assert sign_in(now=clock.now())


def test_name_and_address_of_one_account_share_their_failures(site, clock):
    make_account("Ada")
    fail(5, who="Ada", clock=clock)
    fail(5, who="ada@example.com", clock=clock)

    with pytest.raises(TooMany):
        sign_in(now=clock.now())


def test_unknown_names_are_slowed_down_like_known_ones(site, clock):
    fail(10, who="Nobody", clock=clock)

    with pytest.raises(TooMany):
        sign_in("Nobody", now=clock.now())


def test_one_address_that_tries_many_accounts_is_stopped(site, clock):
    for number in range(100):
        fail(1, who=f"Nobody {number}", clock=clock)

    with pytest.raises(TooMany):
        sign_in("Nobody else", now=clock.now())


def test_failures_from_everywhere_never_lock_the_owner_out(site, clock):
    make_account("Ada")
    for number in range(50):
        fail(1, address=f"198.51.100.{number}", clock=clock)

    assert sign_in(address="192.0.2.9", now=clock.now())
    fail(3, address="203.0.113.1", clock=clock)
    with pytest.raises(TooMany):
        sign_in(address="203.0.113.1", now=clock.now())


def test_signing_in_is_no_failure_and_old_failures_are_swept(site, clock):
    make_account("Ada")
    for _ in range(12):
        sign_in(now=clock.now())
    fail(1, clock=clock)
    clock.advance(hours=2)

    sign_in(now=clock.now())

    assert db.session.scalar(select(func.count(FailedTry.id))) == 0


def test_a_hash_made_with_older_parameters_is_made_anew_at_sign_in(site, clock):
    ada = make_account("Ada", password_hash=passwords.generate_password_hash(PASSWORD, "pbkdf2:sha256:2"))

    sign_in(now=clock.now())

    assert ada.password_hash.startswith(passwords.METHOD)
    assert sign_in(now=clock.now())


def test_at_most_two_hashes_run_at_once_one_waits_and_the_rest_are_asked_to_come_again(app):
    gate = passwords.Gate()
    inside, most, lock, leave = [], [], threading.Lock(), threading.Event()

    def hash_slowly():
        with gate.pass_through():
            with lock:
                inside.append(1)
                most.append(len(inside))
            leave.wait(5)
            with lock:
                inside.pop()

    with ThreadPoolExecutor(3) as pool:
        three = [pool.submit(hash_slowly) for _ in range(3)]
        while len(inside) < 2 or gate._room._value:
            pass
        with pytest.raises(TooMany), gate.pass_through():
            pass
        leave.set()
        for each in three:
            each.result()

    assert max(most) == 2


def test_a_try_the_server_had_no_time_for_does_not_count(site, clock, monkeypatch):
    make_account("Ada")
    full = passwords.Gate(_room=threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "_gate", full)
    with full.pass_through(), pytest.raises(TooMany):
        sign_in(now=clock.now())
    monkeypatch.setattr(full, "refuse_when_full", lambda: None)
    with full.pass_through(), pytest.raises(TooMany):
        sign_in(now=clock.now())

    assert db.session.scalar(select(func.count(FailedTry.id))) == 0


def test_a_session_ends_after_twelve_idle_hours_and_an_admins_after_two(site, clock):
    make_account("Ben")
    make_admin("Ada")
    bens, adas = sign_in("Ben", now=clock.now()), sign_in("Ada", now=clock.now())

    clock.advance(hours=2)
    assert account_queries.live_sign_in(bens, now=clock.now())
    assert account_queries.live_sign_in(adas, now=clock.now()) is None

    clock.advance(hours=10)
    assert account_queries.live_sign_in(bens, now=clock.now()) is None


def test_a_session_in_use_ends_after_seven_days(site, clock):
    make_account("Ben")
    token = sign_in("Ben", now=clock.now())

    for _ in range(7 * 4 - 1):
        clock.advance(hours=6)
        sessions.touch(account_queries.live_sign_in(token, now=clock.now()), now=clock.now())
    clock.advance(hours=6)

    assert account_queries.live_sign_in(token, now=clock.now()) is None


def test_a_sign_of_life_is_written_every_five_minutes_at_most(site, clock):
    make_account("Ben")
    session = account_queries.live_sign_in(sign_in("Ben", now=clock.now()), now=clock.now())

    assert not sessions.is_stale(session, now=clock.advance(minutes=4))
    assert sessions.is_stale(session, now=clock.advance(minutes=1))


def test_a_new_password_ends_all_sessions_and_reset_links(site, clock):
    ada, ben = make_admin(), make_account("Ben")
    old = [sign_in("Ben", now=clock.now()) for _ in range(2)]
    link = invitations.make_reset_link(ben, by=ada, now=clock.now())

    new = accounts.change_password(ben, current=PASSWORD, new=NEW, browser=HERE, now=clock.now())

    assert [account_queries.live_sign_in(token, now=clock.now()) for token in old] == [None, None]
    assert account_queries.live_sign_in(new, now=clock.now()).account is ben
    assert account_queries.open_invitation(link, now=clock.now()) is None
    assert sign_in("Ben", NEW, now=clock.now())


def test_the_password_is_not_changed_without_the_current_one_and_tries_are_counted(site, clock):
    ben = make_account("Ben")

    for _ in range(10):
        with pytest.raises(Invalid) as refusal:
            accounts.change_password(ben, current="wrong", new=NEW, browser=HERE, now=clock.now())
    with pytest.raises(TooMany):
        accounts.change_password(ben, current=PASSWORD, new=NEW, browser=HERE, now=clock.now())

    assert refusal.value.field == "current"


@pytest.mark.parametrize("new", ["short", "password1234", "ben@example.com", PASSWORD])
def test_a_weak_or_unchanged_password_is_not_taken(site, clock, new):
    ben = make_account("Ben")

    with pytest.raises(Invalid) as refusal:
        accounts.change_password(ben, current=PASSWORD, new=new, browser=HERE, now=clock.now())

    assert refusal.value.field == "password"


def test_confirming_renews_the_session(site, clock):
    ada = make_admin()
    old = sign_in(now=clock.now())
    clock.advance(hours=1)

    new = accounts.confirm(ada, PASSWORD, token=old, browser=HERE, now=clock.now())

    assert account_queries.live_sign_in(old, now=clock.now()) is None
    assert account_queries.live_sign_in(new, now=clock.now()).confirmed_at == clock.now()


@pytest.mark.parametrize("name", ["Ada", " ada", "ADA", "Ａｄａ", "A\u200bda"])
def test_a_name_that_looks_like_another_is_refused(site, clock, name):
    make_account("Ada")

    with pytest.raises(Invalid) as refusal:
        registration.sign_up(entry(name), browser=HERE, now=clock.now())

    assert refusal.value.field == "name"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\u202egnp", "x" * 61, "\u200b"])
def test_a_name_that_misleads_is_refused(name):
    with pytest.raises(Invalid) as refusal:
        entry(name)

    assert refusal.value.field == "name"


@pytest.mark.race
def test_twenty_people_who_want_one_name_at_once_become_one_account(app, site, monkeypatch):
    everybody = passwords.Gate(_room=threading.BoundedSemaphore(20), _running=threading.BoundedSemaphore(20))
    monkeypatch.setattr(passwords, "_gate", everybody)
    start = threading.Barrier(20)

    def want(number):
        with app.app_context():
            person = entry(email=f"ben{number}@example.com")
            start.wait()
            try:
                registration.sign_up(person, browser=Browser(f"192.0.2.{number}", ""), now=app_clock.now())
            except Invalid:
                return 0
            finally:
                db.session.remove()
            return 1

    with ThreadPoolExecutor(20) as pool:
        made = sum(pool.map(want, range(20)))

    assert made == 1
    assert db.session.scalar(select(func.count(Account.id))) == 1


def test_a_taken_address_and_a_strange_domain_are_refused_in_the_same_words(app, clock):
    make_site(sign_up=SignUpPolicy.DOMAINS, sign_up_domains=["example.com"])
    make_account("Ada")

    refusals = []
    for email in ("ada@example.com", "ben@elsewhere.org", "ben@sub.example.com"):
        with pytest.raises(Invalid) as refusal:
            registration.sign_up(entry(email=email), browser=HERE, now=clock.now())
        refusals.append((str(refusal.value), refusal.value.field))

    assert len(set(refusals)) == 1
    assert registration.sign_up(entry(email="ben@Example.com"), browser=HERE, now=clock.now())


def test_where_an_invitation_is_needed_nobody_signs_up_by_themselves(app, clock):
    make_site(sign_up=SignUpPolicy.INVITATION)

    with pytest.raises(NotAllowed):
        registration.sign_up(entry(), browser=HERE, now=clock.now())


def counted(key, times, *, now):
    """Count so many tries under a key, as that many sign-ups would."""
    with writing() as session:
        session.add_all([FailedTry(key=f"{key}|{HERE.address}", at=now) for _ in range(times)])


def test_a_class_behind_one_address_signs_up_in_one_lesson(site, clock):
    counted("sign-up", 199, now=clock.now())

    assert registration.sign_up(entry(), browser=HERE, now=clock.now())

    with pytest.raises(TooMany):
        registration.sign_up(entry("Bea", "bea@example.com"), browser=HERE, now=clock.now())
    assert registration.sign_up(entry("Bea", "bea@example.com"), browser=Browser("192.0.2.2", ""), now=clock.now())


def test_nobody_asks_for_long_which_names_and_addresses_there_are(site, clock):
    make_account("Ada")
    counted("sign-up refused", 18, now=clock.now())
    assert registration.sign_up(entry(), browser=HERE, now=clock.now())
    for name, email in (("Ada", "bea@example.com"), ("Bea", "ada@example.com")):
        with pytest.raises(Invalid):
            registration.sign_up(entry(name, email), browser=HERE, now=clock.now())

    with pytest.raises(TooMany):
        registration.sign_up(entry("Bea", "bea@example.com"), browser=HERE, now=clock.now())
    clock.advance(seconds=3601)
    assert registration.sign_up(entry("Bea", "bea@example.com"), browser=HERE, now=clock.now())


@pytest.fixture
def ada(app):
    make_site(sign_up=SignUpPolicy.INVITATION)
    return make_admin()


def test_an_invitation_makes_one_account(ada, clock):
    token = invitations.invite(by=ada, email="", now=clock.now())

    assert invitations.accept(token, entry(), browser=HERE, now=clock.now())

    with pytest.raises(NotFound):
        invitations.accept(token, entry("Cleo", "cleo@example.com"), browser=HERE, now=clock.now())


def test_an_invitation_for_one_address_is_for_no_other_and_stays_usable(ada, clock):
    token = invitations.invite(by=ada, email="ben@example.com", now=clock.now())

    with pytest.raises(Invalid) as refusal:
        invitations.accept(token, entry(email="cleo@example.com"), browser=HERE, now=clock.now())

    assert refusal.value.field == "email"
    assert invitations.accept(token, entry(email="BEN@example.com"), browser=HERE, now=clock.now())


def test_an_invitation_lapses_after_a_week_and_can_be_withdrawn(ada, clock):
    lapsed = invitations.invite(by=ada, email="", now=clock.now())
    clock.advance(days=7)
    withdrawn = invitations.invite(by=ada, email="", now=clock.now())
    [row] = account_queries.open_invitations(now=clock.now())
    invitations.withdraw(row.id, by=ada, now=clock.now())

    for token in (lapsed, withdrawn, "made up", withdrawn + "x"):
        with pytest.raises(NotFound):
            invitations.accept(token, entry(), browser=HERE, now=clock.now())


def test_a_reset_link_sets_a_password_once_and_ends_all_sessions(ada, clock):
    ben = make_account("Ben")
    old = sign_in("Ben", now=clock.now())
    link = invitations.make_reset_link(ben, by=ada, now=clock.now())

    new = invitations.reset_password(link, NEW, browser=HERE, now=clock.now())

    assert account_queries.live_sign_in(old, now=clock.now()) is None
    assert account_queries.live_sign_in(new, now=clock.now()).account is ben
    assert sign_in("Ben", NEW, now=clock.now())
    with pytest.raises(NotFound):
        invitations.reset_password(link, "another lantern glows", browser=HERE, now=clock.now())


def _expire(ben, ada, clock):
    clock.advance(hours=24)


def _new_email(ben, ada, clock):
    people.change_email(ben, email="new@example.com", by=ada, now=clock.now())


def _newer_link(ben, ada, clock):
    invitations.make_reset_link(ben, by=ada, now=clock.now())


def _deactivate(ben, ada, clock):
    people.set_active(ben, on=False, by=ada, now=clock.now())


@pytest.mark.parametrize("event", [_expire, _new_email, _newer_link, _deactivate])
def test_a_reset_link_dies_with(ada, clock, event):
    ben = make_account("Ben")
    link = invitations.make_reset_link(ben, by=ada, now=clock.now())

    event(ben, ada, clock)

    with pytest.raises(NotFound):
        invitations.reset_password(link, NEW, browser=HERE, now=clock.now())


def test_an_invitation_resets_no_password_and_a_reset_link_makes_no_account(ada, clock):
    ben = make_account("Ben")
    invitation = invitations.invite(by=ada, email="", now=clock.now())
    link = invitations.make_reset_link(ben, by=ada, now=clock.now())

    with pytest.raises(NotFound):
        invitations.reset_password(invitation, NEW, browser=HERE, now=clock.now())
    with pytest.raises(NotFound):
        invitations.accept(link, entry("Cleo", "cleo@example.com"), browser=HERE, now=clock.now())


@pytest.mark.race
def test_one_link_used_by_many_at_once_works_for_one(app, ada, clock):
    token = invitations.invite(by=ada, email="", now=clock.now())
    start = threading.Barrier(3)

    def use(number):
        with app.app_context():
            start.wait()
            try:
                invitations.accept(
                    token, entry(f"Ben {number}", f"b{number}@example.com"), browser=HERE, now=clock.now()
                )
            except NotFound:
                return 0
            finally:
                db.session.remove()
            return 1

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(use, range(3))) == 1


def test_a_deactivated_person_is_out_at_once(ada, clock):
    ben = make_account("Ben")
    token = sign_in("Ben", now=clock.now())

    people.set_active(ben, on=False, by=ada, now=clock.now())

    assert account_queries.live_sign_in(token, now=clock.now()) is None
    with pytest.raises(Invalid):
        sign_in("Ben", now=clock.now())


def test_a_person_is_out_even_if_only_the_row_says_so(ada, clock):
    ben = make_account("Ben")
    token = sign_in("Ben", now=clock.now())

    with writing():
        ben.is_active = False

    assert account_queries.live_sign_in(token, now=clock.now()) is None


@pytest.mark.parametrize("switch", [people.set_admin, people.set_active])
def test_the_last_admin_stays(ada, clock, switch):
    make_admin("Sleeping", is_active=False)

    with pytest.raises(Conflict):
        switch(ada, on=False, by=ada, now=clock.now())

    other = make_admin("Bea")
    switch(ada, on=False, by=other, now=clock.now())


@pytest.mark.parametrize("on", [True, False])
def test_a_change_of_role_ends_the_sessions(ada, clock, on):
    ben = make_account("Ben", is_admin=not on)
    token = sign_in("Ben", now=clock.now())

    people.set_admin(ben, on=on, by=ada, now=clock.now())

    assert ben.is_admin is on
    assert account_queries.live_sign_in(token, now=clock.now()) is None


def test_a_switch_pressed_twice_is_written_down_once(ada, clock):
    ben = make_account("Ben")

    people.set_may_host(ben, on=True, by=ada, now=clock.now())
    people.set_may_host(ben, on=True, by=ada, now=clock.now())

    assert ben.may_host
    assert list(db.session.scalars(select(AuditEntry.action))) == ["account.allow_hosting"]


def test_people_cannot_end_each_others_sessions(ada, clock):
    ben = make_account("Ben")
    token = sign_in("Ada", now=clock.now())
    session_id = account_queries.live_sign_in(token, now=clock.now()).id

    with pytest.raises(NotFound):
        sessions.end_one(ben, session_id, now=clock.now())

    assert account_queries.live_sign_in(token, now=clock.now())


def test_what_people_do_is_written_down_with_the_values_before_and_after(ada, clock):
    ben = make_account("Ben")
    sign_in("Ben", now=clock.now())

    people.change_email(ben, email="new@example.com", by=ada, now=clock.now())
    people.set_active(ben, on=False, by=ada, now=clock.now())

    deactivate, email, signed_in = account_queries.audit_entries().rows
    assert (signed_in.action, signed_in.account) == ("session.sign_in", ben)
    assert (email.action, email.subject, email.account) == ("account.change_email", "Ben", ada)
    assert email.details == {"before": "ben@example.com", "after": "new@example.com"}
    assert deactivate.action == "account.deactivate"


def test_a_search_takes_its_letters_as_they_are(ada):
    make_account("100% Ben", email="ben_b@example.com")
    make_account("Cleo")

    assert [person.account.name for person in account_queries.people(search="%").rows] == ["100% Ben"]
    assert [person.account.name for person in account_queries.people(search="n_b@").rows] == ["100% Ben"]
    assert account_queries.people(search="'; drop table account; --\x00").rows == []


@pytest.mark.parametrize("page", [-1, 0, 1, 10**9])
def test_a_page_that_is_not_there_is_the_nearest_one(ada, page):
    assert [person.account.name for person in account_queries.people(page=page).rows] == ["Ada"]
