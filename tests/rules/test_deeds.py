import re
from pathlib import Path

from app.rules.deeds import LABELS, deed_label

SERVICES = Path(__file__).parents[2] / "app" / "services"


def test_every_deed_that_services_write_down_has_words_and_no_others_do():
    written = set()
    for source in SERVICES.glob("*.py"):
        for line in source.read_text(encoding="utf-8").splitlines():
            if re.search(r"\baction ?= ?|\b_?(note|note_person|record)\(session, ", line):
                written.update(re.findall(r'"([a-z]+\.[a-z_]+)"', line))

    assert written == set(LABELS)


def test_a_deed_without_words_is_shown_by_its_code():
    assert deed_label("moon.landing") == "moon.landing"
