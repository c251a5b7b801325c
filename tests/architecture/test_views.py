"""Addresses and views of the whole site."""

import re

import pytest

from app.web.access import MARK

CONVERTED = re.compile(r"<(?:(?P<kind>[a-z]+)(?:\([^)]*\))?:)?(?P<name>[a-z_]+)>")
STEP = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*(\.(json|csv))?$")


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_view_says_who_may_call_it(app):
    assert [name for name, view in app.view_functions.items() if not hasattr(view, MARK)] == []


def test_addresses_are_kebab_case(app):
    for rule in rules(app):
        steps = [step for step in CONVERTED.sub("", rule.rule).split("/") if step]
        assert all(STEP.match(step) for step in steps), rule.rule


def test_numbers_in_addresses_are_typed(app):
    for rule in rules(app):
        for found in CONVERTED.finditer(rule.rule):
            if found["name"].endswith("_id"):
                assert found["kind"] == "int", rule.rule


def test_a_view_reads_or_changes_but_forms_do_both_at_one_address(app):
    both = {rule.endpoint for rule in rules(app) if {"GET", "POST"} <= rule.methods}

    assert both == {
        "accounts.confirm",
        "accounts.invitation",
        "accounts.profile",
        "metrics.edit",
        "questions.edit",
        "accounts.sign_in",
        "accounts.sign_up",
        "editing.board",
        "editing.challenge",
        "editing.phase",
        "editing.phase_text",
        "editing.text",
        "people.settings",
        "setup.start",
    }
    assert {method for rule in rules(app) for method in rule.methods} == {"GET", "HEAD", "OPTIONS", "POST"}


def test_only_few_addresses_take_large_bodies(app):
    large = {name: view.access.upload for name, view in app.view_functions.items() if view.access.upload}

    assert large == {
        "sending.send": "submission",
        "programs.submit": "submission",
        "trials.try_own": "submission",
        "hosting.upload": "bundle",
        "uploads.supply": "bundle",
        "versions.upload": "bundle",
        "logos.change": "logo",
    }


@pytest.mark.parametrize("path", ["/_profiler", "/debug", "/console", "/.env", "/.git/config", "/shiai.db"])
def test_nothing_of_the_machinery_has_an_address(pages, path):
    assert pages.get_path(path).status_code == 404
