"""One slip of the pen, tried in every line of a sound configuration: one problem, in that line, in its own words."""

import re

import pytest

from app.bundles.problems import BundleRefused, Severity
from app.bundles.yaml_source import read_yaml
from tests.bundles.builders import CONFIG

LINES = CONFIG.splitlines()
KEY = re.compile(r"(?P<margin> *)(?P<dash>- )?(?P<key>\w+): (?P<value>\S.*)")


def errors_of(lines):
    content = "\n".join([*lines, ""]).encode()
    try:
        problems = read_yaml(content, file="challenge_config.yaml").problems
    except BundleRefused as refusal:
        problems = refusal.problems
    return [it for it in problems if it.severity is Severity.ERROR]


def changed_lines(change, fits=lambda _: True):
    """Yield the configuration with one line changed, and the number of that line."""
    for place, text in enumerate(LINES):
        entry = KEY.fullmatch(text)
        if entry and fits(entry):
            yield place + 1, [*LINES[:place], change(entry), *LINES[place + 1 :]]


def written(entry, *, margin=None, dash=None, colon=": "):
    margin, dash = entry["margin"] if margin is None else margin, entry["dash"] or "" if dash is None else dash
    return f"{margin}{dash}{entry['key']}{colon}{entry['value']}"


def inner(entry):
    return len(entry["margin"]) >= 2 and not entry["dash"]


SLIPS = {
    "a full-width colon": (lambda it: written(it, colon="："), lambda _: True, "full-width `：`"),
    "no space behind the colon": (
        lambda it: written(it, colon=":"),
        lambda _: True,
        "A space is missing after the colon",
    ),
    "no colon": (lambda it: written(it, colon=" "), lambda _: True, "A colon is missing after"),
    "an equals sign": (lambda it: written(it, colon=" = "), lambda _: True, "There is a `=` after"),
    "a tab in place of the margin": (
        lambda it: written(it, margin="\t"),
        lambda it: it["margin"],
        "indented with a tab",
    ),
    "a margin too wide": (lambda it: written(it, margin=it["margin"] + " "), inner, "column|indented further"),
    "a margin too narrow": (lambda it: written(it, margin=it["margin"][1:]), inner, "column"),
    "a wide margin of full-width spaces": (
        lambda it: written(it, margin="\u3000" * len(it["margin"])),
        lambda it: it["margin"],
        "U\\+3000|full-width space",
    ),
    "a dash that touches its key": (lambda it: written(it, dash="-"), lambda it: it["dash"], "missing after the dash"),
    "a dash one column to the right": (
        lambda it: written(it, margin=it["margin"] + " "),
        lambda it: it["dash"],
        "column",
    ),
    "an unquoted colon": (
        lambda it: f"{written(it)}: more",
        lambda it: it["value"][0].isalpha(),
        "contains a colon",
    ),
    "a quotation that is not closed": (
        lambda it: (
            written(it)[:-1] if it["value"].endswith('"') else f'{it["margin"]}{it["dash"] or ""}{it["key"]}: "x'
        ),
        lambda it: it["value"][0].isalpha(),
        "not closed on the same line",
    ),
    "text behind a quotation": (
        lambda it: f'{it["margin"]}{it["dash"] or ""}{it["key"]}: "a" {it["value"]}',
        lambda it: it["value"][0].isalpha(),
        "The value of this line ends before",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_one_problem_in_its_own_line_wherever_it_happens(slip):
    change, fits, words = SLIPS[slip]
    tried = list(changed_lines(change, fits))

    told = {number: errors_of(lines) for number, lines in tried}

    assert len(tried) > 2
    assert {number: [it.text() for it in errors] for number, errors in told.items() if len(errors) != 1} == {}
    assert {number: it.line for number, [it] in told.items() if abs((it.line or 0) - number) > 1} == {}
    assert [it.text() for [it] in told.values() if not re.search(words, it.text())] == []
