"""The Japanese catalogue against the sources: nothing missing, nothing left over, nothing damaged on the way."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from app.rules.states import TEAM_LABELS, VERSION_LABELS, TeamStatus, VersionStatus

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "app/translations/ja/LC_MESSAGES/messages.po"
# as the Makefile's `translations` names them
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)\w|\{\w+\}")
GLOSSARY = ROOT / "docs/japanese.md"
FOR_PROGRAMMERS = ("abort", "AssertionError", "RuntimeError", "ValueError", "TypeError")
DOOR_AND_BELOW = ("bundles", "rules", "services", "web")
# what a sentence for people begins and ends like; texts for logs and programmers do not come near
SENTENCE = re.compile(r"(?:[A-Z`]|%\().* .*[.]", re.DOTALL)


def _key(message):
    # compiled catalogues come back with bytes for contexts
    context = message.context.decode() if isinstance(message.context, bytes) else message.context
    return context, message.id if isinstance(message.id, str) else message.id[0]


@pytest.fixture(scope="module")
def written():
    """The catalogue as it is written, by context and English text."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="ja")
    assert not catalogue.obsolete, f"no longer in the sources: {list(catalogue.obsolete)}"
    return {_key(message): message for message in catalogue if message.id}


@pytest.fixture(scope="module")
def extracted():
    """What the sources say today, by context and English text."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog()
    found = extract_from_dir(ROOT / "app", _below_app(methods), _below_app(options), keywords=KEYWORDS)
    for _file, _line, message, _comments, context in found:
        catalogue.add(message, context=context)
    return {_key(message) for message in catalogue if message.id}


def _below_app(mapping):
    if isinstance(mapping, dict):
        return {pattern.removeprefix("app/"): value for pattern, value in mapping.items()}
    return [(pattern.removeprefix("app/"), value) for pattern, value in mapping]


def _texts(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_sentence_of_the_sources_is_in_the_catalogue_and_none_besides(written, extracted):
    missing, left_over = extracted - set(written), set(written) - extracted

    assert not missing, f"run `make translations` and translate {missing}"
    assert not left_over, f"run `make translations`: the sources no longer say {left_over}"


def test_every_sentence_has_one_finished_japanese_form(written):
    unfinished = [key for key, it in written.items() if it.fuzzy or len(_texts(it)) != 1 or not all(_texts(it))]

    assert not unfinished


def test_values_stand_in_the_japanese_sentence_as_in_the_english(written):
    for (_context, english), message in written.items():
        wanted = message.id if isinstance(message.id, str) else message.id[1]
        for text in _texts(message):
            assert sorted(set(PLACEHOLDER.findall(text))) == sorted(set(PLACEHOLDER.findall(wanted))), english


def test_a_label_stays_a_label_and_japanese_is_set_in_japanese_signs(written):
    for (_context, english), message in written.items():
        for text in _texts(message):
            if not english.endswith((".", ":", "?")):
                assert not text.endswith("。"), english
            assert not re.search(r"[\u3040-\u9fff][,.!?](?: |$)| $|^ ", text), text


def test_terms_are_those_of_the_glossary(written):
    rows = [line.split("|") for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    avoided = [word.strip() for row in rows[2:] for word in row[3].split(",") if word.strip()]
    texts = [text for it in written.values() for text in _texts(it)]

    assert "チャレンジ" in avoided
    assert not [(word, text) for word in avoided for text in texts if word in text]


def test_a_team_that_withdrew_reads_otherwise_than_an_approval_that_was_withdrawn(written):
    team, version = TEAM_LABELS[TeamStatus.WITHDRAWN], VERSION_LABELS[VersionStatus.WITHDRAWN]

    assert [_texts(written[None, label]) for label in (team, version)] == [["辞退"], ["承認取り消し"]]


def test_the_compiled_catalogue_is_the_written_one(written):
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {_key(message): _texts(message) for message in read_mo(file) if message.id}

    assert compiled == {key: _texts(it) for key, it in written.items()}, "run `make translations`: it compiles them"


def test_the_makefile_extracts_what_these_tests_extract():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    line = next(it for it in makefile.splitlines() if "pybabel -q extract" in it)

    assert set(re.findall(r"-k (\w+)", line)) == set(KEYWORDS) - set(DEFAULT_KEYWORDS)


class _Unmarked(ast.NodeVisitor):
    """Collect the sentences of a module that no call hands to gettext.

    What programmers read is left out, and what `abort` is told: the error page has sentences of its own.
    """

    def __init__(self):
        self.found = []

    def visit_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in {*KEYWORDS, *FOR_PROGRAMMERS}:
            self.generic_visit(node)

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and SENTENCE.fullmatch(node.value):
            self.found.append((node.lineno, node.value))


@pytest.mark.parametrize("floor", DOOR_AND_BELOW)
def test_every_sentence_that_people_read_is_marked_for_translation(floor):
    for path in sorted((ROOT / "app" / floor).rglob("*.py")):
        visitor = _Unmarked()
        visitor.visit(ast.parse(path.read_text(encoding="utf-8")))

        assert not visitor.found, f"{path}: mark with N_"


BY_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NOT_SAID = re.compile(r"<(script|code|pre)\b.*?</\1>|data-[a-z-]+", re.DOTALL)
SAID = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"|>([^<]*)<')
NAMES = {"Shiai", "SHA", "EvalAI", "English"}


def test_templates_say_nothing_that_is_not_marked_for_translation():
    for path in sorted((ROOT / "app/templates").rglob("*.html")):
        bare = NOT_SAID.sub("", BY_JINJA.sub("", path.read_text(encoding="utf-8")))
        said = " ".join("".join(it) for it in SAID.findall(f">{bare}<"))

        assert set(re.findall(r"[A-Za-z]{3,}", said)) <= NAMES, path
