"""The approval switch and the pages around it."""

import re

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.extensions import db
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.leaderboards import BoardVersion
from app.models.site import AuditEntry
from app.models.versions import BundleVersion
from app.queries import challenges, leaderboards
from app.rules.errors import Conflict, NotAllowed
from app.rules.states import VersionStatus
from app.services import challenges as challenge_services
from app.services import workers
from tests.factories import make_account, make_challenge, make_host, make_scored, make_team
from tests.services.test_submissions import released_together


@pytest.fixture
def waiting(site):
    return make_challenge("Tumours", is_approved=False)


def approval(browser, challenge, *, on="1", version=None, **options):
    data = {"on": on, "version": str(version or challenge.version_id)}
    return browser.post("admin.set_approval", data, slug=challenge.slug, **options)


def test_one_click_shows_the_challenge_to_everybody_at_once(admin, waiting, pages):
    assert pages.get("challenges.show", slug="tumours").status_code == 404

    piece = approval(admin, waiting, htmx=True)

    assert piece.status_code == 200
    assert "<html" not in piece.text
    assert 'aria-checked="true"' in piece.text
    assert pages.get("challenges.show", slug="tumours").status_code == 200
    assert "Tumours" in pages.get("home.index").text


def test_another_click_hides_it_again_at_once(admin, waiting, pages):
    approval(admin, waiting)

    piece = approval(admin, waiting, on="", htmx=True)

    assert 'aria-checked="false"' in piece.text
    assert pages.get("challenges.show", slug="tumours").status_code == 404
    assert challenges.by_slug("tumours").version.status is VersionStatus.WITHDRAWN


def test_without_scripts_the_click_comes_back_to_the_page(admin, waiting):
    answer = approval(admin, waiting)

    assert (answer.status_code, answer.location) == (303, "/admin/challenges/tumours")


def test_a_double_click_changes_nothing_twice(admin, waiting):
    approval(admin, waiting)
    approval(admin, waiting)

    assert challenges.by_slug("tumours").is_approved


def test_a_version_that_came_since_the_admin_looked_is_not_approved(admin, waiting, ada):
    seen = waiting.version_id
    newer = BundleVersion(
        challenge_id=waiting.id,
        number=2,
        file_name="x.zip",
        file_key="0" * 32,
        size=1,
        sha256="1" * 64,
        package_key="2" * 32,
        uploaded_by_id=ada.id,
        uploaded_at=app_clock.now(),
    )
    db.session.add(newer)
    db.session.flush()
    waiting.version_id = newer.id
    db.session.commit()

    answer = approval(admin, waiting, version=seen, htmx=True)

    assert answer.status_code == 409
    assert "changed since you looked" in answer.text
    assert not challenges.by_slug("tumours").is_approved


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "9" * 30])
def test_a_version_that_makes_no_sense_is_not_approved(admin, waiting, version):
    answer = admin.post("admin.set_approval", {"on": "1", "version": version}, slug="tumours")

    assert answer.status_code == 409
    assert not challenges.by_slug("tumours").is_approved


def test_nobody_else_approves_not_even_by_the_service(waiting, pages):
    hana = db.session.get(type(waiting.hosts[0].account), waiting.hosts[0].account_id)

    for person in (hana, make_account(), make_host("Ivo")):
        assert approval(pages.signed_in(person), waiting).status_code == 404
        with pytest.raises(NotAllowed):
            challenge_services.approve(
                waiting, version_id=waiting.version_id, approved=True, by=person, now=app_clock.now()
            )

    assert not challenges.by_slug("tumours").is_approved


def test_every_decision_is_in_the_log_with_before_and_after(admin, waiting, ada):
    approval(admin, waiting)
    approval(admin, waiting, on="")

    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(it.action, it.account_id, it.subject) for it in entries] == [
        ("challenge.approved", ada.id, "tumours"),
        ("challenge.approval_withdrawn", ada.id, "tumours"),
    ]
    assert [(it.details["before"], it.details["after"]) for it in entries] == [(False, True), (True, False)]
    assert "tumours" in admin.get("people.audit").text


def test_approving_tells_every_open_board(admin, waiting):
    split = waiting.phases[0].splits[0].id
    before = leaderboards.version_of(split)

    approval(admin, waiting)

    db.session.expire_all()
    assert leaderboards.version_of(split) == before + 1
    assert db.session.get(BoardVersion, split).is_open


def test_eight_admins_at_once_are_one_state_and_nobody_sees_an_error(app, waiting, ada):
    challenge_id, version_id, ada_id = waiting.id, waiting.version_id, ada.id
    db.session.remove()

    def act(number):
        challenge_services.approve(
            db.session.get(Challenge, challenge_id),
            version_id=version_id,
            approved=number % 2 == 0,
            by=db.session.get(Account, ada_id),
            now=app_clock.now(),
        )

    results = released_together(app, 8, act)

    assert results == [None] * 8
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [it.details["before"] for it in entries][1:] == [it.details["after"] for it in entries][:-1]


def test_the_console_may_approve_only_what_has_a_version(site):
    challenge = make_challenge(is_approved=False)
    challenge.version_id = None
    db.session.commit()

    with pytest.raises(Conflict):
        challenge_services.approve_from_console(challenge, now=app_clock.now())


def test_waiting_challenges_come_first_and_say_what_they_hold(admin, waiting):
    make_challenge("Approved one")

    text = admin.get("admin.index").text
    page = admin.get("admin.challenge", slug="tumours").text

    assert text.index("Tumours") < text.index("Approved one")
    for said in ("challenge_config.yaml", "truth.csv", "Phase dev", "AUC"):
        assert said in page


def test_a_worker_that_does_not_answer_is_said(admin, clock):
    assert "The worker does not answer" in admin.get("admin.index").text

    workers.beat(isolation={"level": "B", "summary": "walls hold", "walls": []}, now=clock.now())
    assert "does not answer" not in admin.get("admin.index").text

    clock.advance(seconds=61)
    assert "The worker does not answer" in admin.get("admin.index").text


def test_walls_that_do_not_hold_are_said_on_every_page_of_administration(admin, clock):
    workers.beat(isolation={"level": "D", "summary": "no namespaces here", "walls": []}, now=clock.now())

    for endpoint in ("admin.index", "admin.system"):
        text = admin.get(endpoint).text
        assert "held back" in text
        assert "no namespaces here" in text


def test_the_system_page_counts_what_waits_and_runs(admin, site):
    challenge = make_challenge()
    make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5})

    assert admin.get("admin.system").status_code == 200


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "Challenges"),
        ("/challenges/tumours/submit/dev", "Challenges"),
        ("/challenges/tumours/data", "Challenges"),
        ("/challenges/tumours/team", "Challenges"),
        ("/hosting", "Hosting"),
        ("/challenges/tumours/manage", "Hosting"),
        ("/challenges/tumours/manage/leaderboards", "Hosting"),
        ("/challenges/tumours/manage/versions/1/trials", "Hosting"),
        ("/admin/people", "Administration"),
        ("/admin/environments", "Administration"),
        ("/profile", None),
    ],
)
def test_the_navigation_marks_where_one_is(admin, ada, path, place):
    make_team(make_challenge("Tumours"), ada)

    page = admin.get_path(path)

    marked = re.search(r'<a href="[^"]*" aria-current="[^"]*">([^<]+)</a></li>', page.text.split("</nav>")[0])
    assert page.status_code == 200
    assert (marked and marked[1]) == place


def test_every_page_below_manage_leads_back_to_it(admin, ada):
    make_challenge("Tumours")
    back = '<ol class="crumbs"><li><a href="/challenges/tumours/manage">'

    for below in (
        "leaderboards",
        "sending",
        "after-sending",
        "submissions",
        "teams",
        "versions",
        "edit",
        "versions/1/contents",
    ):
        assert back in admin.get_path(f"/challenges/tumours/manage/{below}").text, below
    assert back not in admin.get_path("/challenges/tumours/manage").text


def test_a_host_who_may_approve_finds_the_way_to_the_switch(pages, ada, admin, waiting):
    link = 'href="/admin/challenges/tumours"'

    assert link in admin.get("hosting.show", slug="tumours").text
    assert link not in pages.signed_in(waiting.hosts[0].account).get("hosting.show", slug="tumours").text
