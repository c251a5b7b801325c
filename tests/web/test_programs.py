"""Programs with an access token: what they send, what they are answered, and where a token does not count."""

import contextvars
import io

import pytest
from sqlalchemy import func, select

from app.extensions import db, queue, store
from app.models.submissions import Submission
from app.models.tokens import AccessToken
from app.rules.states import SubmissionStatus
from app.services import tokens
from tests.factories import make_board, make_scored, make_submission, make_team

SUBMIT = "/api/challenges/tumours/phases/dev/submissions"
CONTENT = b"id,score\n1,0.5\n"


@pytest.fixture
def token(team, clock):
    return tokens.make(team.members[0].account, name="ci", days=30, now=clock.now())


def as_a_program(app, path, *, bearer, headers=None, **options):
    """Ask as curl does: no cookie, no form token, in a context of its own as on a server."""
    headers = {"Authorization": f"Bearer {bearer}", **(headers or {})}
    return contextvars.Context().run(app.test_client().open, path, headers=headers, **options)


@pytest.fixture
def send(app, token):
    """Send a file with Bob's token."""

    def sent(content=CONTENT, *, name="guess.csv", bearer=token, headers=None, path=SUBMIT, **fields):
        data = {"file": (io.BytesIO(content), name), **fields} if content is not None else fields
        return as_a_program(app, path, bearer=bearer, headers=headers, method="POST", data=data)

    return sent


@pytest.fixture
def ask(app, token):
    """Read an address with Bob's token."""
    return lambda path, *, bearer=token: as_a_program(app, path, bearer=bearer)


def count():
    return db.session.scalar(select(func.count()).select_from(Submission))


def test_a_file_sent_with_a_token_is_queued_and_answered_with_its_addresses(send, ask, team):
    queue.flush()

    answer = send(method_name="trees")

    made = db.session.scalars(select(Submission)).one()
    assert (answer.status_code, answer.location) == (201, f"/api/submissions/{made.id}")
    assert answer.json["page"].endswith(f"/submissions/{made.id}")
    assert (answer.json["number"], answer.json["status"], answer.json["place_in_queue"]) == (1, "queued", 1)
    assert (made.team_id, made.method_name, made.on_board) == (team.id, "trees", True)
    assert queue.pending_count() == 1
    assert ask(answer.location).json == answer.json
    assert db.session.scalars(select(AccessToken)).one().used_at is not None
    assert "Set-Cookie" not in answer.headers


def test_scores_come_with_the_boards_decimals_and_hidden_ones_not_at_all(ask, phase, team):
    make_board(phase, split="canary_split", visibility=1)
    made = make_scored(phase, team, {"test_split": {"AUC": 0.123456, "F1": 0.5}, "canary_split": {"AUC": 0.9, "F1": 1}})

    answer = ask(f"/api/submissions/{made.id}")

    assert answer.json["scores"] == {"test_split": {"AUC": 0.1235, "F1": 0.5}}
    assert "canary_split" not in answer.text


def test_attributes_are_given_by_their_names(send, phase):
    phase.submission_meta_attributes = [
        {"name": "Model", "type": "radio", "options": ["tree", "net"], "required": True},
        {"name": "Data used", "type": "checkbox", "options": ["a", "b"]},
        {"name": "Open", "type": "boolean"},
    ]
    db.session.commit()

    refused = send(**{"attribute:Model": "jungle"})
    unasked = send(**{"attribute:Model": "tree", "attribute:Colour": "red"})
    answer = send(**{"attribute:Model": "tree", "attribute:Data used": ["a", "b"], "attribute:Open": "yes"})

    assert (refused.status_code, unasked.status_code, answer.status_code) == (422, 422, 201)
    assert refused.json["fields"] == {
        "attribute:Model": [("jungle is not one of the options for Model. Choose from: tree, net.")]
    }
    assert unasked.json["error"] == "This phase does not ask for Colour."
    kept = {
        it["name"]: it.get("values", it.get("value")) for it in db.session.scalars(select(Submission)).one().attributes
    }
    assert kept == {"Model": "tree", "Data used": ["a", "b"], "Open": "True"}


@pytest.mark.parametrize(("said", "shown"), [("no", False), ("false", False), ("yes", True)])
def test_the_board_is_a_matter_of_words(send, said, shown):
    send(show_on_board=said)

    assert db.session.scalars(select(Submission)).one().on_board is shown


def test_the_same_bytes_are_recognised_and_sent_again_on_demand(send):
    first = send()

    again = send(name="other.csv")

    assert again.status_code == 409
    assert again.json["submission"]["id"] == first.json["id"]
    assert "again=yes" in again.json["hint"]
    assert send(again="yes").status_code == 201


def test_a_command_repeated_with_its_key_is_one_submission(send):
    first, second = (send(headers={"Idempotency-Key": "night 7"}) for _ in range(2))

    assert first.json["id"] == second.json["id"]
    assert count() == 1


@pytest.mark.parametrize(
    ("what", "status", "sentence"),
    [
        ({"content": b""}, 422, "The file is empty"),
        ({"content": None}, 422, "for example `-F file=@predictions.csv`"),
        ({"content": None, "file": "predictions.csv"}, 422, "write @ before the file name"),
        ({"file": [(io.BytesIO(b"a"), "a.csv"), (io.BytesIO(b"b"), "b.csv")]}, 422, "Send one file at a time"),
        ({"headers": {"Content-Encoding": "gzip"}}, 415, "Send it uncompressed"),
        ({"content": b"PK\x03\x04 and so on"}, 422, "is really an Excel workbook or a zip archive"),
        ({"content": b"\x1f\x8b\x08 and so on"}, 422, "is really compressed or binary"),
        ({"path": "/api/no-such-address"}, 404, "There is nothing at this address"),
        ({"name": "guess.exe"}, 422, "This phase accepts .csv"),
        ({"method_name": "x" * 201}, 422, "method_name: This is too long"),
        ({"path": "/api/challenges/tumours/phases/other/submissions"}, 404, "There is nothing at this address"),
        ({"bearer": "shiai_wrong"}, 401, "Send a valid token"),
        ({"bearer": ""}, 401, "Send a valid token"),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_a_refusal_is_a_sentence_in_json_and_nothing_is_stored(send, what, status, sentence):
    answer = send(**what)

    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert sentence in answer.json["error"]
    assert answer.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)
    assert count() == 0
    assert list(store.parts.iterdir()) == []


def test_a_form_with_too_much_text_is_told_apart_from_a_file_that_is_too_large(app, token):
    body = b'--b\r\nContent-Disposition: form-data; name="method_name"\r\n\r\n' + b"z" * 5_000_000 + b"\r\n--b--\r\n"
    kind = "multipart/form-data; boundary=b"

    answer = as_a_program(app, SUBMIT, bearer=token, method="POST", data=body, content_type=kind)

    assert answer.status_code == 413
    assert "A text in this form is too long" in answer.json["error"]


def test_a_used_up_quota_is_429_with_the_time_to_wait(send, phase):
    phase.max_submissions = 0
    db.session.commit()

    answer = send()

    assert answer.status_code == 429
    assert "used all submissions" in answer.json["error"]
    assert int(answer.headers["Retry-After"]) >= 1


def test_neither_a_cookie_nor_a_token_counts_in_the_others_place(app, pages, ask, team):
    made = make_submission(team.challenge.phases[0], team)
    bob = pages.signed_in(team.members[0].account)

    assert bob.get("programs.submission", submission_id=made.id).status_code == 401
    assert bob.post("programs.submit", {}, slug="tumours", codename="dev").status_code == 401
    for path in (f"/submissions/{made.id}", "/profile", "/profile/tokens", f"/submissions/{made.id}/file"):
        assert ask(path).status_code == 303
    assert contextvars.Context().run(app.test_client().get, f"/api/submissions/{made.id}").status_code == 401


def test_a_program_sees_no_submission_of_another_team(ask, challenge, phase):
    rival = make_scored(phase, make_team(challenge, name="CANARY"), {"AUC": 0.9, "F1": 0.4})

    answer, nothing = ask(f"/api/submissions/{rival.id}"), ask("/api/submissions/999999")

    assert (answer.status_code, answer.data) == (nothing.status_code, nothing.data)
    assert "CANARY" not in answer.text


def test_wrong_tokens_and_too_many_files_are_slowed_down_without_locking_a_right_token_out(ask, send, team):
    made = make_submission(team.challenge.phases[0], team, status=SubmissionStatus.FINISHED)
    path = f"/api/submissions/{made.id}"
    statuses = {ask(path, bearer=f"shiai_{number}").status_code for number in range(30)}

    assert statuses == {401}
    assert ask(path, bearer="shiai_more").status_code == 429
    assert ask(path).status_code == 200
    for _ in range(60):
        send(content=None)
    answer = send()
    assert answer.status_code == 429
    assert "Too many attempts" in answer.json["error"]


def test_errors_come_in_the_persons_language(send, team):
    team.members[0].account.language = "ja"
    db.session.commit()

    assert "ファイルが空です" in send(content=b"").text


def test_the_page_shows_the_command_with_what_must_be_answered(pages, team, phase):
    phase.submission_meta_attributes = [{"name": "Bob's model", "type": "text", "required": True}]
    db.session.commit()

    text = pages.signed_in(team.members[0].account).get("sending.new_to", slug="tumours", codename="dev").text

    assert "Authorization: Bearer $SHIAI_TOKEN" in text
    assert "-F file=@predictions.csv --form-string &#39;attribute:Bob&#39;&#34;&#39;&#34;&#39;s model=…&#39;" in text
    assert SUBMIT in text
