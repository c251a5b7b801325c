"""Errors: a sentence, the right number, a page for people and a piece for htmx, and never what went wrong inside."""

import errno

import pytest

from app.extensions import db
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from app.web import errors, home
from app.web.errors import BARE, SENTENCES, STATUS
from tests import databases
from tests.factories import make_account

KINDS = [
    (Invalid("The file is empty."), 422),
    (NotAllowed("You may not."), 403),
    (NotFound("Nothing here."), 404),
    (Conflict("Somebody was first."), 409),
    (TooMany("Too often.", 7), 429),
]


@pytest.fixture
def failing(monkeypatch):
    """Make the front page raise."""

    def fail(error):
        def broken(*_args):
            raise error

        monkeypatch.setattr(home.challenges, "listed_for", broken)

    return fail


@pytest.mark.parametrize(("error", "status"), KINDS)
def test_each_kind_of_refusal_has_its_number_and_its_own_sentence(pages, failing, error, status):
    failing(error)

    answer = pages.get("home.index")

    assert (answer.status_code, STATUS[type(error)]) == (status, status)
    assert str(error) in answer.text
    assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)


@pytest.mark.parametrize(("error", "status"), KINDS)
def test_htmx_gets_a_piece_of_a_page(pages, failing, error, status):
    failing(error)

    answer = pages.get("home.index", headers={"HX-Request": "true"})

    assert answer.status_code == status
    assert "<html" not in answer.text
    assert str(error) in answer.text


def test_the_sentence_is_translated_and_then_filled_in(pages, failing):
    failing(NotAllowed("The phase %(phase)s is no longer part of the challenge.", phase="100 % <b>"))

    english, japanese = pages.get("home.index"), pages.get("home.index", lang="ja")

    assert "The phase 100 % &lt;b&gt; is no longer" in english.text
    assert "100 % &lt;b&gt;" in japanese.text
    assert "is no longer part" not in japanese.text


def test_what_nobody_expected_is_500_noted_and_not_told(pages, failing, caplog):
    failing(ValueError("secret of /work/path.py"))

    answer = pages.get("home.index")

    assert answer.status_code == 500
    assert "it was logged" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "secret of" in caplog.text


def test_when_even_the_error_page_fails_a_page_without_layout_says_the_same(pages, failing, monkeypatch):
    failing(ValueError("first"))
    monkeypatch.setattr("app.web.errors.render_template", lambda *_a, **_k: 1 / 0)

    answer = pages.get_path("/")

    assert answer.status_code == 500
    assert "it was logged" in answer.text


def test_when_that_fails_too_a_page_that_depends_on_nothing_answers(pages, failing, monkeypatch):
    failing(ValueError("first"))
    monkeypatch.setattr("app.web.errors.render_template", lambda *_a, **_k: 1 / 0)
    monkeypatch.setattr("app.web.errors.piece", lambda *_a, **_k: 1 / 0)

    answer = pages.client.get("/")

    assert answer.status_code == 500
    assert answer.text == BARE


def test_without_a_database_every_page_says_so_and_all_is_well_again_with_it(app, site, pages, tmp_path):
    bob = pages.signed_in(make_account())
    program = {"Authorization": "Bearer shiai_x"}
    db.session.remove()
    db.engine.dispose()

    with databases.away(tmp_path):
        english, japanese = bob.get_path("/"), bob.get_path("/", headers={"Accept-Language": "ja"})
        piece = bob.get_path("/submissions/1/status", headers={"HX-Request": "true"})
        told = bob.client.get("/api/submissions/1", headers=program)
    db.session.remove()

    assert [it.status_code for it in (english, japanese, piece, told)] == [503] * 4
    assert english.headers["Retry-After"] == "5"
    assert "The database cannot be reached" in english.text
    assert '<html lang="ja">' in japanese.text
    assert "データベース" in japanese.text
    assert "<html" not in piece.text
    assert "The database cannot be reached" in told.json["error"]
    assert bob.get_path("/").status_code == 200


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415, 418, 429, 500, 503, 507])
def test_every_number_has_a_whole_sentence(status):
    sentence = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])

    assert sentence.endswith(".")
    assert "!" not in sentence


def test_a_wrong_method_says_which_are_right(pages):
    answer = pages.client.put("/")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_an_error_page_is_in_the_readers_language(pages):
    bob = make_account(language="ja")

    assert '<html lang="ja"' in pages.signed_in(bob).get_path("/no-such-page").text


def test_a_fragment_never_answers_with_a_sign_in_page(pages):
    answer = pages.get("submissions.status", submission_id=1, headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert "Location" not in answer.headers
    assert "password" not in answer.text.lower()


def test_the_sentence_about_size_names_the_limit_of_the_page_that_was_called(make_app):
    app = make_app(max_submission_bytes=3 * 2**20, max_bundle_bytes=7 * 2**20)

    with app.test_request_context("/hosting/new", method="POST"):
        bundle = errors._sentence(413)
    with app.test_request_context("/challenges/x/submit/dev", method="POST"):
        submission = errors._sentence(413)
    with app.test_request_context("/sign-in", method="POST"):
        form = errors._sentence(413)

    assert [sentence.split()[-2] for sentence in (bundle, submission, form)] == ["7", "3", "1"]


def test_a_disk_that_fills_up_while_a_file_is_written_is_said_in_a_sentence(make_app):
    app = make_app()

    with app.test_request_context("/"):
        page, status = errors._unexpected(OSError(errno.ENOSPC, "No space left on device"))

    assert status == 507
    assert "disk" in page


@pytest.mark.parametrize("host", ["ml.corp.example:8000", 'a"<b>', ""])
def test_a_name_this_server_does_not_go_by_is_said_to_be_one_with_the_way_to_add_it(pages, host):
    answer = pages.client.get("/", headers={"Host": host})

    assert answer.status_code == 400
    assert "does not answer to the name in the address bar" in answer.text
    assert "SHIAI_TRUSTED_HOSTS" in answer.text


def test_what_is_not_there_and_what_is_not_open_read_alike(pages, site):
    bob = pages.signed_in(make_account())

    sentences = [
        bob.get_path(path).text.split("data-sentence>")[1].split("<")[0]
        for path in ("/nothing", "/submissions/9", "/admin")
    ]

    assert set(sentences) == {"There is nothing at this address, or it is not open to you."}
