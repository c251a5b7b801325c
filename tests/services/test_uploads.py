"""Uploads that wait for their uploader's next step."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db, store, writing
from app.models.challenges import Challenge
from app.queries import uploads as upload_queries
from app.rules.errors import Conflict
from app.services import bundles, uploads
from tests.bundles.builders import challenge_files, zip_of
from tests.factories import make_account, make_challenge

pytestmark = pytest.mark.usefixtures("site")


def incoming(content):
    file = store.incoming()
    file.write(content)
    return file


def kept(by, clock, *, content=None, challenge=None):
    content = zip_of(challenge_files()) if content is None else content
    return uploads.keep(incoming(content), file_name="x.zip", by=by, challenge=challenge, now=clock.now())


def test_an_upload_is_found_by_its_uploader_alone(hana, clock):
    made = kept(hana, clock)

    assert upload_queries.own(made.id, hana) is made
    assert upload_queries.own(made.id, make_account(is_admin=True)) is None


def test_an_upload_is_imported_once_however_often_its_form_is_sent(hana, clock, tmp_path):
    made = kept(hana, clock)
    found = uploads.checked(made, work_dir=tmp_path, default_zone="UTC")

    bundles.import_upload(made, found, by=hana, now=clock.now())
    with pytest.raises(Conflict, match="already been used"):
        bundles.import_upload(made, found, by=hana, now=clock.now())

    assert db.session.scalar(select(func.count()).select_from(Challenge)) == 1


def test_what_is_done_to_an_upload_that_another_tab_has_ended_is_refused_in_words(hana, clock, tmp_path):
    made = kept(hana, clock)
    uploads.withdraw(made)

    for late in (
        lambda: uploads.checked(made, work_dir=tmp_path, default_zone="UTC"),
        lambda: uploads.supply(made, {"templates/terms.html": incoming(b"late")}),
        lambda: uploads.withdraw(made),
    ):
        with pytest.raises(Conflict, match="already been used"):
            late()


def test_an_upload_for_a_challenge_remembers_the_newest_version_of_then(hana, clock):
    challenge = make_challenge()

    made = kept(hana, clock, challenge=challenge)

    assert (made.challenge_id, made.base_version_id) == (challenge.id, challenge.version_id)


def test_what_the_zip_lacked_is_read_as_if_it_had_been_in_it(hana, clock, tmp_path):
    files = challenge_files()
    page = files.pop("templates/terms.html")
    made = kept(hana, clock, content=zip_of(files))
    work_dirs = [tmp_path / name for name in ("first", "second")]
    for folder in work_dirs:
        folder.mkdir()
    before = uploads.checked(made, work_dir=work_dirs[0], default_zone="UTC")
    assert [it.supply for it in before.problems if it.supply] == ["templates/terms.html"]

    uploads.supply(made, {"templates/terms.html": incoming(b"wrong")})
    uploads.supply(made, {"templates/terms.html": incoming(page.encode())})
    after = uploads.checked(made, work_dir=work_dirs[1], default_zone="UTC")

    assert after.ok
    assert after.spec.terms_and_conditions.html == page
    assert upload_queries.file_keys() == {made.file_key, made.supplied["templates/terms.html"]["key"]}
    assert len(list(store.root.glob("??/*"))) == 2


def test_a_file_cannot_be_supplied_outside_the_bundle(hana, clock, tmp_path):
    made = kept(hana, clock)
    uploads.supply(made, {"../evil.html": incoming(b"x")})

    with pytest.raises(ValueError, match="evil"):
        uploads.checked(made, work_dir=tmp_path, default_zone="UTC")


def test_the_fourth_upload_of_a_person_takes_the_oldest_ones_place(hana, clock):
    first, *others = [kept(hana, clock, content=b"%d" % number) for number in range(4)]

    assert upload_queries.own(first.id, hana) is None
    assert [it.id for it in reversed(upload_queries.all_of(hana.id))] == [it.id for it in others]
    assert len(list(store.root.glob("??/*"))) == 3


def test_an_upload_nobody_went_on_with_is_forgotten_after_a_day(hana, clock):
    kept(hana, clock)
    clock.advance(hours=1)
    recent = kept(hana, clock)
    now = clock.advance(hours=23, seconds=1)

    assert uploads.forget_stale(now=now) == 1

    assert [it.id for it in upload_queries.all_of(hana.id)] == [recent.id]
    assert upload_queries.made_before(now - timedelta(days=2)) == []
    assert [path.name for path in store.root.glob("??/*")] == [recent.file_key]


def test_a_withdrawn_upload_leaves_no_file(hana, clock):
    made = kept(hana, clock)

    uploads.withdraw(made)

    assert upload_queries.all_of(hana.id) == []
    assert list(store.root.glob("??/*")) == []


def test_an_upload_is_taken_once_and_its_number_never_comes_again(hana, clock):
    made = kept(hana, clock)
    number, key = made.id, made.file_key

    with writing() as session:
        assert uploads.take(session, number).key == key

    with pytest.raises(Conflict, match="Upload the zip again"), writing() as session:
        uploads.take(session, number)
    db.session.rollback()
    assert store.path(key).is_file()
    assert kept(hana, clock).id > number
