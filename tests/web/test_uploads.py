"""Bodies of requests: how large, of which shape, and what is left behind of what is refused."""

import io

import pytest
from sqlalchemy import func, select

from app.extensions import db, store
from app.models.submissions import Submission
from app.web import access
from tests.factories import make_account, make_challenge, make_host, make_team
from tests.pages import Pages

MIB = 1024 * 1024
ADDRESS = "/challenges/tumours/submit/dev"


@pytest.fixture
def small(make_app, site):
    """The application with a limit of one mebibyte for submissions and bundles."""
    return make_app(max_submission_bytes=MIB, max_bundle_bytes=MIB)


@pytest.fixture
def bob(small):
    challenge, person = make_challenge("Tumours"), make_account("Bob")
    make_team(challenge, person)
    return Pages(small).signed_in(person)


def send(browser, content=b"x", *, name="guess.csv", field="file", **more):
    data = {field: (io.BytesIO(content), name), "form_key": "a form key of this page"} | more
    return browser.post_path(ADDRESS, data)


def nothing_left():
    rows = db.session.scalar(select(func.count()).select_from(Submission))
    return rows == 0 and list(store.parts.iterdir()) == []


def test_a_file_of_exactly_the_limit_is_taken(bob):
    assert send(bob, bytes(MIB)).status_code == 303


def test_one_byte_more_than_the_limit_is_our_page_with_413_and_leaves_nothing(bob):
    answer = send(bob, bytes(MIB + 1))

    assert answer.status_code == 413
    assert "The limit is 1 MB" in answer.text
    assert nothing_left()


def test_a_body_far_over_the_limit_is_refused_before_it_is_read(bob):
    token = bob.csrf_token()

    answer = bob.client.post(
        ADDRESS,
        data=b"x",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": token},
        environ_overrides={"CONTENT_LENGTH": str(10**12)},
    )

    assert answer.status_code == 413
    assert nothing_left()


def test_a_strangers_upload_is_refused_before_it_is_read(small):
    visitor = Pages(small)

    assert visitor.post_path(ADDRESS, {"file": (io.BytesIO(bytes(MIB)), "x.csv")}).status_code == 401
    assert list(store.parts.iterdir()) == []


def test_a_bundle_over_its_limit_is_413_too(small, bob):
    host = bob.signed_in(make_host())

    assert host.post_path("/hosting/new", {"file": (io.BytesIO(bytes(MIB + 1)), "x.zip")}).status_code == 413
    assert list(store.parts.iterdir()) == []


def test_any_other_form_takes_a_mebibyte_at_most(bob):
    assert bob.post_path("/profile", {"name": "x" * (2 * MIB)}).status_code == 413


def test_a_nearly_full_disk_says_so_before_it_reads(bob, monkeypatch):
    monkeypatch.setattr(store, "free_bytes", lambda: access.SPARE_BYTES)

    answer = send(bob)

    assert answer.status_code == 507
    assert "nearly full" in answer.text
    assert nothing_left()


def test_a_disk_that_fills_up_while_the_file_is_kept_costs_no_quota(bob, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_place", full)

    answer = send(bob)

    assert answer.status_code in {500, 507}
    assert "Traceback" not in answer.text
    assert nothing_left()


def parts(count):
    return (
        b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % n for n in range(count))
        + b"--b--\r\n"
    )


BODIES = {
    "no boundary": (b"x", "multipart/form-data"),
    "a boundary of ten kilobytes": (b"x", "multipart/form-data; boundary=" + "b" * 10_000),
    "cut in a header": (b"--b\r\nContent-Disposition: form-data; na", "multipart/form-data; boundary=b"),
    "two thousand parts": (parts(2000), "multipart/form-data; boundary=b"),
    "a header of 100 kilobytes": (
        b"--b\r\nX-Y: " + b"z" * 100_000 + b"\r\n\r\nx\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
    "a text of 600 kilobytes": (
        b'--b\r\nContent-Disposition: form-data; name="method_name"\r\n\r\n' + b"z" * 600_000 + b"\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
    "json": (b'{"file": 1}', "application/json"),
    "nothing": (b"", "application/x-www-form-urlencoded"),
    "plain text": (b"file=x", "text/plain"),
    "bytes that are no text": (b"\xff\xfe\x00=\x00&\x80", "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_of_another_shape_is_refused_in_words_and_leaves_nothing(bob, what):
    body, kind = BODIES[what]
    token = bob.csrf_token()

    answer = bob.client.post(ADDRESS, data=body, content_type=kind, headers={"X-CSRFToken": token})

    assert answer.status_code in {400, 413, 415, 422}
    assert "<html" in answer.text
    assert "Traceback" not in answer.text
    assert nothing_left()


def test_two_files_at_once_are_refused_and_left_behind_nowhere(bob):
    files = [(io.BytesIO(b"first"), "a.csv"), (io.BytesIO(b"second"), "b.csv")]

    answer = bob.post_path(ADDRESS, {"file": files, "form_key": "a form key of this page"})

    assert answer.status_code == 422
    assert "Send one file at a time" in answer.text
    assert nothing_left()


def test_two_bundles_are_refused_as_well(small, bob):
    files = [(io.BytesIO(b"first"), "a.zip"), (io.BytesIO(b"second"), "b.zip")]

    answer = bob.signed_in(make_host()).post_path("/hosting/new", {"file": files})

    assert answer.status_code == 422
    assert "Send one file at a time" in answer.text


def test_a_compressed_body_is_refused_before_it_is_read(bob):
    answer = bob.client.post(
        ADDRESS, data=b"\x1f\x8b", headers={"X-CSRFToken": bob.csrf_token(), "Content-Encoding": "gzip"}
    )

    assert answer.status_code == 415
    assert "Send it uncompressed" in answer.text


def test_a_form_key_that_no_page_gave_out_is_said_in_words(bob):
    answer = send(bob, form_key="short")

    assert answer.status_code == 422
    assert "This form is too old, or it came from another page." in answer.text
    assert nothing_left()


def test_a_file_nobody_asked_for_is_gone_after_the_request(bob):
    bob.post_path("/profile", {"surprise": (io.BytesIO(b"x"), "x.bin")})

    assert list(store.parts.iterdir()) == []


def test_a_kept_file_is_not_executable_and_lies_where_nothing_is_served_from(bob):
    send(bob)

    made = db.session.scalars(select(Submission)).one()
    mode = store.path(made.file_key).stat().st_mode & 0o777
    assert mode & 0o111 == 0
    assert "static" not in store.path(made.file_key).parts
