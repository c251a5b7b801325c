"""The logo that a host puts up in the browser."""

import io

import pytest

from app.bundles.check import check
from app.extensions import db, store
from app.models.site import AuditEntry
from app.queries import challenges
from app.services import exports
from app.tasks import upkeep
from tests.bundles.builders import challenge_files, jpeg, png
from tests.factories import make_account
from tests.services.test_versions import imported, updated


@pytest.fixture
def challenge(hana):
    return imported(challenge_files(), hana)


def put_up(browser, content, name="new.png"):
    return browser.post("logos.change", {"file": (io.BytesIO(content), name)}, slug="tumour-challenge", follow=True)


def shown(browser):
    return browser.get("challenges.logo", slug="tumour-challenge")


def test_a_logo_is_exchanged_at_once_and_written_down(host, challenge):
    answer = put_up(host, png(80, 40))

    assert "Saved. It takes effect now." in answer.text
    assert shown(host).data == png(80, 40)
    deed = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (deed.action, deed.details["pixels"]) == ("logo.changed", [80, 40])


def test_a_file_that_is_no_picture_is_refused_whatever_its_name_and_the_old_one_stays(host, challenge):
    before = shown(host).data

    answer = put_up(host, b"<svg onload=alert(1)>", "logo.png")

    assert answer.status_code == 422
    assert "neither a PNG nor a JPEG" in answer.text
    assert shown(host).data == before


def test_a_picture_of_too_many_pixels_is_refused_with_how_many_it_may_have(host, challenge):
    answer = put_up(host, png(20_000, 10))

    assert answer.status_code == 422
    assert "20000 × 10 pixels. Use at most 10000 a side and 8 MB." in answer.text


def test_a_file_far_too_large_for_a_logo_is_refused_with_how_large_one_may_be(host, challenge):
    answer = put_up(host, png(80, 40) + bytes(10 * 1024 * 1024))

    assert answer.status_code == 413
    assert "This is too large. The limit is 8 MB." in answer.text


def test_without_a_logo_lists_show_the_first_letter(host, challenge):
    host.post("logos.remove", slug="tumour-challenge")

    assert shown(host).status_code == 404
    assert '<span class="logo" aria-hidden="true">T</span>' in host.get("home.index").text


@pytest.mark.parametrize(("content", "media_type"), [(png(80, 40), "image/png"), (jpeg(30, 20), "image/jpeg")])
def test_the_export_has_the_logo_that_is_shown_and_changes_nothing(host, challenge, tmp_path, content, media_type):
    put_up(host, content)
    now = challenges.by_slug("tumour-challenge")

    exports.export_bundle(now, into=tmp_path / "out.zip")

    checked = check(tmp_path / "out.zip", work_dir=tmp_path, default_zone="UTC")
    assert checked.spec.image.media_type == media_type
    assert (checked.root / checked.spec.image.path).read_bytes() == content


def test_a_later_zip_says_that_it_would_change_the_logo_back(host, challenge, hana):
    put_up(host, png(80, 40))

    made = updated(challenges.by_slug("tumour-challenge"), challenge_files(), hana)

    assert [it["what"] for it in made.changes] == ["Logo"]
    assert shown(host).data == challenge_files()["logo.png"]


def test_upkeep_keeps_the_logo_and_forgets_the_one_nobody_names(host, challenge, monkeypatch):
    put_up(host, png(80, 40))
    between = challenges.by_slug("tumour-challenge").logo
    put_up(host, png(90, 40))
    monkeypatch.setattr(upkeep, "ORPHAN_AGE_S", -60)
    upkeep.tidy_files()

    assert shown(host).data == png(90, 40)
    assert not store.path(between).exists()


def test_nobody_else_finds_the_page(pages, challenge):
    stranger = pages.signed_in(make_account("Mallory"))

    assert stranger.get("logos.show", slug="tumour-challenge").status_code == 404
    assert put_up(stranger, png()).status_code == 404
