"""Bringing a challenge: the article's bundle imports as it stands, a broken one gives sentences and leaves nothing."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml
from sqlalchemy import func, select

from app.extensions import db, store
from app.models.challenges import Challenge
from app.models.site import AuditEntry
from app.queries import challenges
from app.rules.failures import FailureCode
from app.rules.states import HostingPolicy, SubmissionStatus
from tests.bundles.builders import CONFIG, RawZip, challenge_files, changed, png, zip_of
from tests.bundles.test_check import article_files
from tests.factories import (
    make_account,
    make_challenge,
    make_host,
    make_phase,
    make_scored,
    make_site,
    make_submission,
    make_team,
)


@pytest.fixture
def host(pages, hana):
    return pages.signed_in(hana)


def upload(browser, content, *, name="challenge.zip", **options):
    return browser.post("hosting.upload", {"file": (io.BytesIO(content), name)}, **options)


def everything_kept():
    return {
        path for folder in (store.root, store.packages, store.parts) for path in folder.rglob("*") if path.is_file()
    }


def count():
    return db.session.scalar(select(func.count()).select_from(Challenge))


def test_a_sound_bundle_becomes_a_waiting_challenge_that_only_its_host_and_admins_see(host, pages):
    answer = upload(host, zip_of(challenge_files()), follow=True)

    found = challenges.by_slug("tumour-challenge")
    assert answer.status_code == 200
    assert "Waiting for approval" in answer.text
    assert not found.is_approved
    assert "Tumour Challenge" not in pages.get("home.index").text
    assert pages.get("challenges.show", slug=found.slug).status_code == 404


def test_what_the_bundle_says_is_what_is_there(host, hana):
    upload(host, zip_of(challenge_files()))

    found = challenges.by_slug("tumour-challenge")
    phase, split = found.phases[0], found.phases[0].splits[0]
    assert [it.account_id for it in found.hosts] == [hana.id]
    assert (phase.codename, phase.max_submissions_per_day, phase.max_submissions) == ("dev", 5, 100)
    assert phase.start_at == datetime(2026, 1, 19, tzinfo=UTC)
    assert store.path(phase.annotation_key).read_bytes() == b"id,label\n1,0\n2,1\n"
    assert (split.visibility, split.decimals, split.descending) == (3, 4, {"AUC": True, "F1": True})
    assert split.dataset_split.codename == "test_split"
    assert found.version.file_name == "challenge.zip"
    assert (store.package(found.version.package_key) / "main.py").is_file()


def test_a_version_keeps_the_whole_bundle_and_the_files_it_names(host):
    upload(
        host,
        zip_of(challenge_files(changed("published:", "prizes: [{rank: 1, amount: 5EUR}]\nodd_key: 7\npublished:"))),
    )

    version = challenges.by_slug("tumour-challenge").version
    spec = challenges.spec_of(version)
    kept = version.annotations["annotations/dev.csv"]
    assert (spec.prizes[0].amount, spec.unknown) == ("5EUR", {"odd_key": 7})
    assert spec.description.html == "<p>About description.</p>"
    assert store.path(kept["key"]).read_bytes() == b"id,label\n1,0\n2,1\n"
    assert {kept["key"], version.logo_key} <= challenges.file_keys()


def test_the_configuration_printed_in_the_article_imports_as_it_stands_comments_and_all(host):
    answer = upload(host, zip_of(article_files()), follow=True)

    found = challenges.by_slug("test-competition")
    assert answer.status_code == 200
    assert [phase.codename for phase in found.phases] == ["auc", "map_etc"]
    boards = [split for phase in found.phases for split in phase.splits]
    assert [split.leaderboard.labels for split in boards] == [["AUC"], ["F1@10", "MAP@10"]]
    assert boards[1].leaderboard.default_order_by == "MAP@10"
    assert [split.visibility for split in boards] == [3, 3]
    assert [phase.annotation_name for phase in found.phases] == ["auc_test.csv", "map_etc_true.json"]


def test_dates_without_a_zone_are_read_in_the_sites(pages, site):
    make_site(timezone="Asia/Tokyo")
    host = pages.signed_in(make_host())

    upload(host, zip_of(challenge_files()))

    assert challenges.by_slug("tumour-challenge").start_at == datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize("title", ["腫瘍コンペ 2026 年", "Tumour: Who's first?", "挑战 2026", "🏆"])
def test_a_title_in_any_script_is_a_title(host, title):
    config = changed("title: Tumour Challenge", f'title: "{title}"')

    answer = upload(host, zip_of(challenge_files(config)), follow=True)

    assert answer.status_code == 200
    assert db.session.scalar(select(Challenge)).title == title


@pytest.mark.parametrize(
    ("name", "more", "slug"),
    [
        ("tumour-images-main.zip", "", "tumour-images"),
        ("upload.zip", "slug: tumours-of-2026\n", "tumours-of-2026"),
        ("腫瘍.zip", "", "challenge"),
    ],
)
def test_a_title_without_latin_letters_gets_its_address_from_the_bundle(host, name, more, slug):
    config = changed("title: Tumour Challenge", "title: 腫瘍の判別")

    upload(host, zip_of(challenge_files(config + more)), name=name)

    assert db.session.scalars(select(Challenge.slug)).all() == [slug]


def test_the_same_bundle_twice_makes_two_challenges_with_two_addresses(host):
    upload(host, zip_of(challenge_files()))
    upload(host, zip_of(challenge_files()))

    assert set(db.session.scalars(select(Challenge.slug))) == {"tumour-challenge", "tumour-challenge-2"}


def test_annotations_of_any_kind_are_kept_as_they_are(host):
    blob = bytes(range(256)) * 100
    config = changed("annotations/dev.csv", "annotations/dev.npz")
    files = challenge_files(config) | {"annotations/dev.npz": blob}
    del files["annotations/dev.csv"]

    upload(host, zip_of(files))

    phase = challenges.by_slug("tumour-challenge").phases[0]
    assert store.path(phase.annotation_key).read_bytes() == blob


def test_fields_that_would_approve_it_are_ignored(host):
    config = CONFIG + "approved_by_admin: True\nis_approved: True\nfeatured: True\ncreator: 1\n"

    upload(host, zip_of(challenge_files(config)))

    assert [it.is_approved for it in db.session.scalars(select(Challenge))] in ([False], [])


def test_uploading_leaves_a_line_in_the_log_of_decisions(host, hana):
    upload(host, zip_of(challenge_files()))

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "challenge.uploaded")).one()
    assert (entry.account_id, entry.subject) == (hana.id, "tumour-challenge")


# -- what is not sound -------------------------------------------------------------------------------------------------


def raw(name, **options):
    archive = RawZip()
    archive.add(name, **options)
    return archive.bytes()


def without(path):
    files = challenge_files()
    del files[path]
    return zip_of(files)


def with_config(before, after):
    return zip_of(challenge_files(changed(before, after)))


def with_script(source):
    return zip_of(challenge_files(script={"__init__.py": source, "main.py": source}))


BROKEN = {
    "nothing": b"",
    "no zip": b"this is no zip at all",
    "half a zip": zip_of(challenge_files())[:900],
    "an empty zip": zip_of({}),
    "two dots": raw(b"../../evil.yaml"),
    "an absolute path": raw(b"/etc/passwd"),
    "a link": raw(b"link.yaml", content=b"/etc/passwd", mode=0o120777),
    "a lie about sizes": raw(b"a.yaml", size=2**32 - 2),
    "a bomb": zip_of(challenge_files() | {"zeros.bin": bytes(64 * 1024 * 1024)}),
    "no yaml": without("challenge_config.yaml"),
    "two yamls": zip_of(
        {"one.yaml": CONFIG, "two.yaml": CONFIG} | {k: v for k, v in challenge_files().items() if "yaml" not in k}
    ),
    "an impossible date": with_config("end_date: 2099-05-31 23:59:59", "end_date: 2099-02-31 23:59:59"),
    "an end before the start": with_config("end_date: 2099-05-31 23:59:59", "end_date: 2019-05-31 23:59:59"),
    "broken yaml": with_config("leaderboard:\n", "leaderboard: [\n"),
    "yaml that builds objects": with_config("title: Tumour Challenge", "title: !!python/object/apply:os.system [id]"),
    "a split that is not there": with_config("dataset_split_id: 1", "dataset_split_id: 9"),
    "a metric that is not there": with_config('"default_order_by": "AUC"', '"default_order_by": "RMSE"'),
    "no number": with_config("max_submissions: 100", "max_submissions: many"),
    "a syntax error": with_script("def evaluate(:\n"),
    "no evaluate": with_script("def score(): pass\n"),
    "binary yaml": zip_of(challenge_files(b"\x00\xff\xfe\x80")),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_bundle_gives_sentences_and_leaves_nothing(host, what):
    before = everything_kept()

    answer = upload(host, BROKEN[what])

    assert answer.status_code == 422
    assert "Traceback" not in answer.text
    assert "/store" not in answer.text
    assert str(store.parts) not in answer.text
    assert 'class="problem error"' in answer.text or 'class="field-error"' in answer.text
    assert count() == 0
    assert everything_kept() == before


def test_all_problems_are_listed_at_once_with_file_and_line(host):
    config = changed("end_date: 2099-05-31", "end_date: 2099-02-31").replace(
        "max_submissions: 100", "max_submissions: x"
    )
    files = challenge_files(config)
    del files["templates/terms.html"]

    text = upload(host, zip_of(files)).text

    assert text.count('class="problem error"') >= 3
    assert "challenge_config.yaml:12" in text
    assert "templates/terms.html" in text
    assert "Nothing was stored" in text


def test_a_hundred_phases_are_folded_where_a_host_works_and_listed_where_people_read(host):
    config = yaml.safe_load(CONFIG)
    phase = config["challenge_phases"][0]
    config["challenge_phases"] = [
        phase | {"id": number, "codename": f"phase{number}", "name": f"Phase number {number}"}
        for number in range(1, 101)
    ]
    splits = config["challenge_phase_splits"][0]
    config["challenge_phase_splits"] = [splits | {"challenge_phase_id": number} for number in range(1, 101)]
    upload(host, zip_of(challenge_files(yaml.safe_dump(config, sort_keys=False))))

    manage = host.get("hosting.show", slug="tumour-challenge").text
    read = host.get("challenges.phases", slug="tumour-challenge").text

    folds = [fold.split("</details>")[0] for fold in manage.split("All 100 phases</summary>")[1:]]
    assert ["Phase number 77" in fold for fold in folds] == [True, True, True]
    assert read.count('<a href="#phase-') == 100


def test_the_same_mistake_in_a_hundred_phases_is_one_card_that_names_every_place(host):
    config = yaml.safe_load(CONFIG)
    phase = config["challenge_phases"][0] | {"start_date": "someday"}
    config["challenge_phases"] = [phase | {"id": number, "codename": f"phase{number}"} for number in range(1, 101)]

    text = upload(host, zip_of(challenge_files(yaml.safe_dump(config, sort_keys=False)))).text

    assert text.count("<code>someday</code>") == 1
    assert "The same in 99 more places" in text
    assert "challenge_phases[99].start_date" in text


def test_the_problems_are_said_in_japanese_to_who_reads_japanese(pages):
    host = pages.signed_in(make_host(language="ja"))

    answer = upload(host, BROKEN["no yaml"])

    assert answer.status_code == 422
    assert "Nothing was stored" not in answer.text


def test_a_form_without_a_file_says_so(host):
    answer = host.post("hosting.upload", {"file": "only text"})

    assert answer.status_code == 422
    assert "Choose the zip" in answer.text


def test_html_in_what_a_bundle_says_is_text_or_cleaned(host):
    hostile = '<script>alert(1)</script><img src=x onerror=alert(1)><p hx-get="/x" style="x" onclick="x">seen</p>'
    config = changed("title: Tumour Challenge", "title: '<script>alert(1)</script> T'")
    config = changed("name: Dev Phase", "name: '<b onclick=x>P</b>'", config)
    files = challenge_files(config) | {"templates/description.html": hostile}

    upload(host, zip_of(files))
    found = db.session.scalar(select(Challenge))
    for endpoint in ("challenges.show", "challenges.phases", "challenges.rules", "hosting.show", "leaderboards.show"):
        # inspect() of every page fails on a handler, a style or a script
        text = host.get(endpoint, slug=found.slug).text
        assert "<script>alert" not in text
        assert "hx-get=" not in text
    assert "seen" in host.get("challenges.show", slug=found.slug).text


def test_a_picture_of_the_pages_is_shown_and_every_other_file_waits_for_the_host(host, pages):
    files = challenge_files() | {
        "templates/figure.png": png(),
        "templates/description.html": '<p><img src="figure.png" alt="x"></p>',
        "data/train.csv": "id\n1\n",
    }
    upload(host, zip_of(files))
    found = challenges.by_slug("tumour-challenge")
    found.is_approved = True
    db.session.commit()

    assert pages.get("data.file", slug=found.slug, path="figure.png").mimetype == "image/png"
    assert pages.get("data.file", slug=found.slug, path="data/train.csv").status_code == 404
    host.post("data.set_shared", {"on": "1"}, slug=found.slug, path="data/train.csv")
    assert pages.get("data.file", slug=found.slug, path="data/train.csv").status_code == 403
    member = make_account()
    make_team(found, member)
    answer = pages.signed_in(member).get("data.file", slug=found.slug, path="data/train.csv")
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_annotations_and_scripts_can_never_be_shared(host):
    upload(host, zip_of(challenge_files()))

    for path in ("annotations/dev.csv", "evaluation_script.zip", "challenge_config.yaml"):
        answer = host.post("data.set_shared", {"on": "1"}, slug="tumour-challenge", path=path)
        assert answer.status_code == 404


# -- who may, and what a host may do -----------------------------------------------------------------------------------


def test_where_named_people_host_others_are_refused_before_their_zip_is_read(pages):
    browser = pages.signed_in(make_account())

    answer = upload(browser, zip_of(challenge_files()))

    assert answer.status_code == 403
    assert "people chosen by an administrator" in answer.text
    assert count() == 0
    assert everything_kept() == set()


def test_where_everybody_may_host_everybody_does(pages):
    make_site(hosting=HostingPolicy.EVERYBODY)

    assert upload(pages.signed_in(make_account()), zip_of(challenge_files())).status_code == 303


def test_publishing_shows_and_hides_at_once_without_and_with_htmx(host, hana, pages):
    challenge = make_challenge("Tumours", host=hana)
    address = {"slug": "tumours"}

    assert host.post("hosting.set_published", {"on": ""}, **address).status_code == 303
    assert pages.get("challenges.show", **address).status_code == 404

    piece = host.post("hosting.set_published", {"on": "1"}, htmx=True, **address)
    assert piece.status_code == 200
    assert "<html" not in piece.text
    assert 'aria-checked="true"' in piece.text
    assert pages.get("challenges.show", **address).status_code == 200
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["challenge.hidden", "challenge.published"]
    assert challenge.slug == "tumours"


def test_publishing_is_not_approving(host, hana, pages):
    make_challenge("Tumours", host=hana, is_approved=False, is_published=False)

    host.post("hosting.set_published", {"on": "1", "is_approved": "1"}, slug="tumours")

    assert pages.get("challenges.show", slug="tumours").status_code == 404


def test_the_host_gets_the_bundle_back_as_it_was(host):
    content = zip_of(challenge_files())
    upload(host, content, name='evil"; filename=x.html')

    answer = host.get("hosting.bundle", slug="tumour-challenge")

    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/octet-stream"


def test_a_hosts_baseline_appears_on_the_board_by_one_click(host, hana, pages):
    challenge = make_challenge("Tumours", host=hana)
    phase = challenge.phases[0]
    made = make_scored(phase, make_team(challenge, hana, name="Hosts", is_host_team=True), {"AUC": 0.5})
    assert "Hosts" not in pages.get("leaderboards.show", slug="tumours").text

    piece = host.post("marks.set_baseline", {"on": "1"}, htmx=True, submission_id=made.id)

    assert 'aria-checked="true"' in piece.text
    text = pages.get("leaderboards.show", slug="tumours").text
    assert "Hosts" in text
    assert "Baseline" in text
    deed = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (deed.action, deed.details) == ("submission.marked", {"is_baseline": {"before": False, "after": True}})


def test_a_host_hears_that_a_script_fails_before_participants_have_to_ask(host, hana):
    challenge = make_challenge("Tumours", host=hana)
    team, phase = make_team(challenge), challenge.phases[0]
    make_phase(challenge, codename="quiet", name="Quiet")

    def fail(code, times):
        for _ in range(times):
            make_submission(phase, team, status=SubmissionStatus.FAILED, failure=code)

    fail(FailureCode.INPUT, 5)
    fail(FailureCode.SCRIPT, 2)
    assert "failed in the evaluation script" not in host.get("hosting.show", slug="tumours").text

    fail(FailureCode.TIME, 1)
    page = host.get("hosting.show", slug="tumours").text
    assert "3 of the latest 8 evaluations failed in the evaluation script" in page
    assert "phase=dev&amp;state=failed" in page
    assert "Quiet:" not in page

    for _ in range(20):
        make_scored(phase, team, {"AUC": 0.5})
    assert "failed in the evaluation script" not in host.get("hosting.show", slug="tumours").text


@pytest.mark.parametrize("name", ["breast-cancer-auc", "digits-ranking", "diabetes-rmse"])
def test_an_example_downloaded_from_the_upload_page_can_be_uploaded_as_it_is(host, name):
    address = host.path("hosting.example", name=name)
    assert address in host.get("hosting.new").text

    zipped = host.get("hosting.example", name=name)

    assert f"{name}.zip" in zipped.headers["Content-Disposition"]
    assert upload(host, zipped.data).status_code == 303


def test_an_example_that_does_not_exist_is_not_found(host):
    assert host.get("hosting.example", name="titanic").status_code == 404
