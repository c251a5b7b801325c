import re
from pathlib import Path

import pytest
import yaml

from app.bundles.tables import TABLES

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "bundles.md").read_text(encoding="utf-8")
ROW = re.compile(r"(?m)^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$")


def table_of(path):
    """Return the rows of the table under the marker of a level: key, default, meaning, example."""
    after = TEXT.split(f"<!-- keys: {path or '(top)'} -->\n\n")[1]
    return ROW.findall(after.split("\n\n")[0])


@pytest.mark.parametrize("path", TABLES)
def test_the_reference_lists_the_keys_of_the_reader_in_its_order(path):
    listed = [row[0] for row in table_of(path)]

    assert listed == [field.key for field in TABLES[path] if not field.ignored]


@pytest.mark.parametrize("path", TABLES)
def test_the_reference_says_which_keys_are_required(path):
    said = {row[0] for row in table_of(path) if row[1] == "required"}

    assert said == {field.key for field in TABLES[path] if field.required}


@pytest.mark.parametrize("path", TABLES)
def test_the_reference_says_what_is_only_kept(path):
    said = {row[0] for row in table_of(path) if row[2].startswith("kept")}

    assert said == {field.key for field in TABLES[path] if field.kept}


@pytest.mark.parametrize("path", TABLES)
def test_the_defaults_of_the_reference_are_the_readers(path):
    defaults = {field.key: field.default for field in TABLES[path]}

    for key, said, _, _ in table_of(path):
        if re.fullmatch(r"`(True|False|\d+)`", said):
            assert yaml.safe_load(said.strip("`")) == defaults[key], key


@pytest.mark.parametrize("path", TABLES)
def test_every_key_without_effect_is_named(path):
    for field in TABLES[path]:
        if field.ignored:
            assert f"`{field.key}`" in TEXT


@pytest.mark.parametrize("path", TABLES)
def test_every_example_is_yaml_that_the_reader_takes(path):
    for key, _, _, example in table_of(path):
        if example != "see below":
            assert list(yaml.safe_load(example.strip("`"))) == [key]
