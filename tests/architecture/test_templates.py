"""Templates: no inline style or script, nothing from elsewhere, every sentence translatable, nothing imported for nothing."""

import re

import pytest
from jinja2 import meta, nodes

from app import create_app
from tests.architecture.sources import ROOT
from tests.conftest import settings_in

FOLDER = ROOT / "app" / "templates"
TEMPLATES = sorted(it.relative_to(FOLDER).as_posix() for it in FOLDER.rglob("*") if it.is_file())
STATIC = ROOT / "app" / "static"
ASSET = re.compile(r"""asset\(\s*["']([^"']+)["']\s*\)""")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
WORDS = re.compile(r"[^\W\d_]{2,}")
SAID_ALOUD = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"{]*)"')
# names, units and notations that are the same in every language
SAME_EVERYWHERE = {"SHA", "Shiai", "English", "日本語", "px", "Ctrl", "zip"}


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    """The environment that templates are read in, with all its extensions: one for all tests here."""
    return create_app(settings_in(tmp_path_factory.mktemp("templates"))).jinja_env


def source(name):
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_short(name):
    assert len(source(name).splitlines()) <= 120


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_style_no_script_and_no_handler_stands_inline(name):
    text = re.sub(r"\{#.*?#\}", "", source(name), flags=re.DOTALL)

    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"\bhx-on|javascript:|\bjs:", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_loaded_from_elsewhere(name):
    text = re.sub(r"\{#.*?#\}", "", source(name), flags=re.DOTALL)

    assert not re.search(r"(?:src|action|data-live)=\"(?:https?:)?//", text)
    assert not re.search(r"<link[^>]*href=\"(?:https?:)?//", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_marked_safe_by_hand(name):
    assert not re.search(r"\|\s*safe\b|\bMarkup\(|autoescape\s+false", source(name))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_parses_and_uses_what_it_imports(templates, name):
    tree = templates.parse(source(name))

    imported = {
        alias[1] if isinstance(alias, tuple) else alias for it in tree.find_all(nodes.FromImport) for alias in it.names
    }
    used = {it.name for it in tree.find_all(nodes.Name) if it.ctx == "load"}
    assert imported - used == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_address_a_template_asks_for_is_there(app, name):
    asked = set(re.findall(r"url_for\(\s*[\"']([\w.]+)[\"']", source(name)))

    assert asked - set(app.view_functions) == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_names_is_there(templates, name):
    tree = templates.parse(source(name))

    for other in meta.find_referenced_templates(tree):
        assert other is None or other in TEMPLATES
    for path in ASSET.findall(source(name)):
        assert (STATIC / path).is_file(), path


def test_every_template_is_used(templates):
    named = {other for name in TEMPLATES for other in meta.find_referenced_templates(templates.parse(source(name)))}
    python = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "app" / "web").rglob("*.py"))

    assert {it for it in TEMPLATES if it not in named and f'"{it}"' not in python} == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_sentence_can_be_translated(name):
    text = JINJA.sub(" ", source(name))
    spoken = SAID_ALOUD.findall(text)
    text = re.sub(r"<(code|script|svg|symbol)\b.*?</\1>", " ", text, flags=re.DOTALL)
    # macros that write attributes have them outside of any tag
    bare = " ".join([re.sub(r"""\b[a-z-]+="[^"]*"|\bdata-[a-z]+""", " ", TAG.sub(" ", text)), *spoken])
    bare = re.sub(r"&[a-z]+;", " ", bare)

    assert [word for word in WORDS.findall(bare) if word not in SAME_EVERYWHERE] == []


def test_scripts_load_nothing_from_elsewhere_and_evaluate_nothing():
    for file in (STATIC / "js").glob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function\(|https?://(?!www\.w3\.org)|innerHTML\s*=[^=]", text), file.name


def test_styles_load_nothing_from_elsewhere():
    for file in (STATIC / "css").glob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import", file.read_text(encoding="utf-8")), file.name


def test_what_is_vendored_says_its_version_in_its_name():
    names = [it.name for it in (STATIC / "vendor").iterdir()]

    assert names
    assert all(re.search(r"-\d+\.\d+\.\d+\.", name) for name in names)
