"""A zip that only lacks files: they are sent on a page of its uploader's instead of packing again."""

import io
import re
import zipfile

import pytest

from app.extensions import store
from app.queries import challenges
from tests.bundles.builders import challenge_files, changed, zip_of
from tests.factories import make_host
from tests.web.test_hosting import count, everything_kept, upload

FIELD = re.compile(r'name="(file-[0-9a-f]{16})"')
TRUTH = b"id,label\n7,1\n"


@pytest.fixture
def host(pages, site):
    return pages.signed_in(make_host())


def lacking(*paths, config=None):
    files = challenge_files(config) if config else challenge_files()
    return zip_of({path: content for path, content in files.items() if path not in paths})


def page_after(host, content):
    """Upload a zip and return the address of the page that asks for what it lacks, and the page."""
    answer = upload(host, content)
    assert (answer.status_code, "/hosting/uploads/" in answer.location) == (303, True)
    return answer.location, host.get_path(answer.location).text


def send(host, address, page, *contents, follow=False):
    names = FIELD.findall(page)
    files = {name: (io.BytesIO(it), f"{name}.bin") for name, it in zip(names, contents, strict=False) if it is not None}
    return host.post_path(address, files, follow=follow)


def test_missing_files_are_asked_for_and_the_bundle_is_imported_with_them(host):
    address, page = page_after(host, lacking("annotations/dev.csv", "templates/terms.html", "logo.png"))
    asked = re.findall(r'<label for="file-[0-9a-f]+" class="breaks"><code>([^<]+)</code>', page)
    assert asked == ["templates/terms.html", "annotations/dev.csv", "logo.png"]
    assert count() == 0

    answer = send(host, address, page, b"<p>Play fair.</p>", TRUTH)

    found = challenges.by_slug("tumour-challenge")
    assert answer.location.endswith("/challenges/tumour-challenge/manage")
    assert store.path(found.phases[0].annotation_key).read_bytes() == TRUTH
    assert "Play fair." in found.terms_and_conditions
    assert host.get_path(address).status_code == 404


def test_the_stored_zip_holds_what_was_sent_and_imports_again_as_it_is(host):
    address, page = page_after(host, lacking("annotations/dev.csv"))
    send(host, address, page, TRUTH)

    again = host.get("hosting.bundle", slug="tumour-challenge").data

    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert archive.read("annotations/dev.csv") == TRUTH
    assert upload(host, again).location.endswith("/challenges/tumour-challenge-2/manage")


def test_files_may_be_sent_one_after_the_other(host):
    address, page = page_after(host, lacking("annotations/dev.csv", "templates/terms.html"))

    first = send(host, address, page, b"<p>Fair.</p>")

    assert first.status_code == 422
    assert "Sent so far" in first.text
    assert len(FIELD.findall(first.text)) == 1
    assert send(host, address, first.text, TRUTH).status_code == 303
    assert count() == 1


def test_an_empty_annotation_in_the_zip_is_replaced(host):
    address, page = page_after(host, zip_of(challenge_files() | {"annotations/dev.csv": ""}))

    assert send(host, address, page, TRUTH).status_code == 303
    assert store.path(challenges.by_slug("tumour-challenge").phases[0].annotation_key).read_bytes() == TRUTH


def test_a_whole_script_can_be_sent(host):
    address, page = page_after(host, lacking("evaluation_script.zip"))

    assert send(host, address, page, challenge_files()["evaluation_script.zip"]).status_code == 303
    assert (store.package(challenges.by_slug("tumour-challenge").version.package_key) / "main.py").is_file()


def test_a_sent_file_that_brings_a_new_error_is_said_and_nothing_is_imported(host):
    address, page = page_after(host, lacking("evaluation_script.zip"))

    answer = send(host, address, page, zip_of({"__init__.py": "def evaluate(:\n"}))

    assert answer.status_code == 422
    assert "This cannot be fixed by sending files" in answer.text
    assert count() == 0


@pytest.mark.parametrize(("sent", "sentence"), [((), "Choose at least one file."), ((b"",), "The file is empty.")])
def test_a_form_without_a_file_or_with_an_empty_one_says_so(host, sent, sentence):
    address, page = page_after(host, lacking("annotations/dev.csv"))

    answer = send(host, address, page, *sent)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_field_nobody_asked_for_brings_nothing_in(host):
    address, _ = page_after(host, lacking("annotations/dev.csv"))
    before = everything_kept()

    answer = host.post_path(address, {"file-0123456789abcdef": (io.BytesIO(b"x"), "evil.py")})

    assert answer.status_code == 422
    assert everything_kept() == before


def test_with_any_other_error_nothing_is_kept(host):
    config = changed("max_submissions: 100", "max_submissions: many")

    answer = upload(host, lacking("annotations/dev.csv", config=config))

    assert answer.status_code == 422
    assert "Nothing was stored" in answer.text
    assert everything_kept() == set()


def test_an_upload_that_was_left_is_found_again_under_hosting(host):
    address, _ = page_after(host, lacking("annotations/dev.csv"))

    assert f'href="{address}"' in host.get("hosting.index").text

    host.post_path(f"{address}/withdraw")
    assert address not in host.get("hosting.index").text


def test_nobody_else_goes_on_with_an_upload_and_forgetting_it_leaves_nothing(host, pages):
    address, page = page_after(host, lacking("annotations/dev.csv"))
    other = pages.signed_in(make_host("Otto"))
    assert other.get_path(address).status_code == 404
    assert send(other, address, page, TRUTH).status_code == 404

    host.post_path(f"{address}/withdraw")

    assert everything_kept() == set()
    assert host.get_path(address).status_code == 404
