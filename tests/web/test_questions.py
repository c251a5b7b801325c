"""Hosts say in the browser what the form of a phase asks beside the file."""

import re

import pytest

from app.bundles.check import check
from app.extensions import db
from app.models.challenges import Phase
from app.models.site import AuditEntry
from app.queries import challenges
from app.queries.current import current_spec
from app.services import exports
from tests.bundles.builders import challenge_files, changed
from tests.factories import make_account, make_team
from tests.services.test_versions import imported
from tests.web.test_editing import filled, form_of

ASKED = """codename: dev
    submission_meta_attributes:
      - {name: Model, description: Which kind, type: radio, options: [tree, net], required: True, color: blue}
    default_submission_meta_attributes:
      - {name: publication_url, is_visible: True}"""
WHERE = {"slug": "tumour-challenge", "codename": "dev"}


@pytest.fixture
def challenge(hana):
    return imported(challenge_files(changed("codename: dev", ASKED)), hana)


def sent(host, *without, **changes):
    """Open the form, change some fields of it and send it."""
    values = filled(host, "questions.edit", **WHERE) | {it.replace("__", "-"): said for it, said in changes.items()}
    kept = {name: value for name, value in values.items() if name not in without}
    return host.post("questions.edit", kept, follow=True, **WHERE)


@pytest.fixture
def form(pages, challenge):
    """Return what a participant is asked."""
    carol = make_account("Carol")
    make_team(challenge, carol)
    browser = pages.signed_in(carol)
    return lambda: browser.get("sending.new_to", **WHERE).text


def asked():
    db.session.rollback()
    return db.session.query(Phase).one()


def test_what_is_saved_unchanged_stays_exactly_what_it_was(host, challenge):
    before = (asked().submission_meta_attributes, asked().default_submission_meta_attributes)

    sent(host)

    assert (asked().submission_meta_attributes, asked().default_submission_meta_attributes) == before


def test_a_further_question_stands_on_the_form_at_once(host, form):
    answer = sent(host, own__1__name="GPU hours", own__1__kind="text", own__1__required="y")

    assert "Saved. It takes effect now." in answer.text
    assert [(it["name"], it["type"], it["required"]) for it in asked().submission_meta_attributes] == [
        ("Model", "radio", True),
        ("GPU hours", "text", True),
    ]
    assert "GPU hours" in form()
    assert db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first().action == "questions.edited"


def test_questions_change_places_and_stay_so_once_saved(host, form):
    sent(host, own__1__name="GPU hours", own__1__kind="text", own__1__required="y")

    answer = sent(host, move="+0")
    moved, fields = answer.text, form_of(answer, host.path("questions.edit", **WHERE))
    unsaved = [it["name"] for it in asked().submission_meta_attributes]
    host.post("questions.edit", fields, follow=True, **WHERE)

    assert "“Model” is now question 2 of 2. Save to keep this order." in moved
    assert re.search(r'value="-1" aria-label="Move “Model” up"[^>]* autofocus', moved)
    assert unsaved == ["Model", "GPU hours"]
    assert [it["name"] for it in asked().submission_meta_attributes] == ["GPU hours", "Model"]
    assert form().index("GPU hours") < form().index("Model")


@pytest.mark.parametrize("move", ["-0", "+1", "+x", "+99999999999", "-", "x0"])
def test_a_move_that_leads_nowhere_changes_nothing(host, challenge, move):
    sent(host, own__1__name="GPU hours", own__1__kind="text")
    before = asked().submission_meta_attributes

    assert "is now question" not in sent(host, move=move).text
    assert asked().submission_meta_attributes == before


def test_a_question_is_removed_and_usual_fields_come_and_go(host, form):
    sent(host, "method_name", "publication_url", own__0__is_removed="y", project_url="y")

    assert asked().submission_meta_attributes == []
    assert "Which kind" not in form()
    assert 'name="project_url"' in form()
    assert 'name="publication_url"' not in form()
    assert 'name="method_name"' not in form()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"own__1__name": "Kind", "own__1__kind": "checkbox"}, "Write the options"),
        ({"own__1__name": "Model"}, "Two questions are called Model"),
        ({"own__1__description": "Help without a question"}, "Please fill this in."),
        ({"own__0__options": "x" * 501}, "501 characters long"),
    ],
    ids=["no options", "twice", "no name", "too long"],
)
def test_what_cannot_be_asked_is_said_and_nothing_changes(host, challenge, changes, sentence):
    answer = sent(host, **changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert [it["name"] for it in asked().submission_meta_attributes] == ["Model"]


def test_the_second_of_two_hosts_hears_of_the_first(host, challenge):
    values = filled(host, "questions.edit", **WHERE)
    sent(host, own__1__name="First")

    answer = host.post("questions.edit", values | {"own-1-name": "Second"}, **WHERE)

    assert answer.status_code == 409
    assert "Somebody changed this after you opened the form" in answer.text


def test_an_export_asks_the_same_and_keeps_what_only_the_bundle_said(host, challenge, tmp_path):
    sent(host, "method_name", own__0__description="Which family?", own__1__name="GPU hours")
    now = challenges.by_slug("tumour-challenge")

    exports.export_bundle(now, into=tmp_path / "out.zip")

    spec = check(tmp_path / "out.zip", work_dir=tmp_path, default_zone="UTC").spec
    model, gpu = spec.challenge_phases[0].submission_meta_attributes
    assert (model.description, model.options, model.unknown) == ("Which family?", ("tree", "net"), {"color": "blue"})
    assert gpu.name == "GPU hours"
    assert spec == current_spec(now)


def test_two_questions_of_one_name_keep_each_what_the_bundle_says(hana):
    twice = """codename: dev
    submission_meta_attributes:
      - {name: Model, color: blue}
      - {name: Model, color: red}"""

    made = imported(challenge_files(changed("codename: dev", twice)), hana)

    asked_twice = current_spec(made).challenge_phases[0].submission_meta_attributes
    assert [it.unknown for it in asked_twice] == [{"color": "blue"}, {"color": "red"}]


def test_nobody_else_finds_the_form(pages, challenge):
    assert pages.signed_in(make_account("Mallory")).get("questions.edit", **WHERE).status_code == 404
