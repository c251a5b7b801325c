"""From a fresh clone to the first people: the link on the console, the first admin, sign-up, who may host."""

import stat

from tests import databases
from tests.journeys.visitor import PASSWORD, Visitor


def test_the_link_on_the_console_makes_the_first_admin_and_then_is_dead(installation, admin, visitor):
    path = installation.set_up_path()

    assert "Administration" in admin.get("/").words
    assert visitor.get(path).status == 404
    assert visitor.get("/setup").path == "/"


def test_the_set_up_page_brings_the_examples_which_are_live_at_once(admin, visitor):
    words = visitor.get("/").words

    for title in ("Tumour screening by AUC", "Find the same digit", "糖尿病の進行予測"):
        assert title in words


def test_the_data_directory_is_closed_to_other_accounts(installation, admin):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in installation.data.iterdir()}

    assert stat.S_IMODE(installation.data.stat().st_mode) == 0o700
    assert {"secret-key", "store"} | (set() if databases.ON_POSTGRES else {"shiai.db", "queue.db"}) <= modes.keys()
    assert not {name: oct(mode) for name, mode in modes.items() if mode & 0o077}


def test_the_admin_sees_that_the_worker_is_there_and_how_evaluations_are_walled_off(admin):
    words = admin.get("/admin/system").words

    assert "Level" in words
    assert "The worker does not answer" not in words


def test_who_signed_up_can_sign_out_and_in_again_and_not_with_a_wrong_password(installation, alice):
    browser = Visitor(installation.address)

    refused = browser.fill_in("/sign-in", "/sign-in?next=/", {"who": "Alice", "password": "not her password"})
    accepted = browser.fill_in("/sign-in", "/sign-in?next=/", {"who": "alice@example.com", "password": PASSWORD})
    left = browser.fill_in("/", "/sign-out")

    assert refused.status in {401, 422}
    assert "Signed in as Alice" in accepted.words
    assert "You are signed out." in left.words
    assert browser.get("/profile").path == "/sign-in"


def test_nobody_but_the_admin_sees_the_administration(host, alice, visitor):
    for path in ("/admin", "/admin/people", "/admin/settings", "/admin/system", "/admin/audit"):
        assert host.get(path).status == 404
        assert alice.get(path).status == 404
        assert visitor.get(path).path == "/sign-in"


def test_only_named_people_may_host(host, alice):
    assert host.get("/hosting/new").form("/hosting/new")

    assert "only people chosen by an administrator may host" in alice.get("/hosting").words.lower()
    assert alice.get("/hosting/new").status == 403
    assert "/hosting/new" not in alice.get("/").links
