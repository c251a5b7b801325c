"""What a participant reads about why a submission changed its state."""

import re
from pathlib import Path

import pytest

from app.rules import causes
from app.rules.causes import ELSE, cause_label

CODES = {value for name, value in vars(causes).items() if name.isupper() and isinstance(value, str)} - {ELSE}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_cause_has_words_of_its_own_or_needs_none(code):
    assert cause_label(code) != ELSE


def test_what_a_worker_says_of_its_walls_is_for_the_administrator_alone():
    assert cause_label("bwrap: no permissions to create a new namespace") == ELSE


def test_no_cause_is_written_down_that_the_list_does_not_have():
    written = [
        (path.name, found)
        for path in Path(causes.__file__).parents[1].rglob("*.py")
        for found in re.findall(r"""cause=(?:N_\()?["'][^"']*["']""", path.read_text(encoding="utf-8"))
    ]

    assert written == []
