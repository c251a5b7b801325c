import re
from xml.etree import ElementTree as ET

import nh3
import pytest
import yaml

from examples.build import EXAMPLES

PAGES = sorted(EXAMPLES.glob("*/templates/*.html"))
PLAIN = {"p", "h2", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "strong", "em"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parts[-3]}-{page.stem}")
def test_a_page_is_well_formed_and_loses_nothing_when_it_is_sanitised(page):
    text = page.read_text(encoding="utf-8")

    tree = ET.fromstring(f"<div>{text}</div>")

    assert {element.tag for element in tree.iter()} - {"div"} <= PLAIN
    assert not any(element.attrib for element in tree.iter())
    assert _words(nh3.clean(text)) == _words(text)


def test_the_rows_and_limits_named_on_the_pages_are_true(name):
    overview = (EXAMPLES / name / "templates/description.html").read_text(encoding="utf-8")

    told = dict(re.findall(r"<code>(data/\w+\.csv)</code></td><td>(\d+)</td>", overview))

    assert told
    for path, rows in told.items():
        assert len((EXAMPLES / name / path).read_text().splitlines()) - 1 == int(rows)


def test_a_short_description_fits_a_card(name):
    configuration = yaml.safe_load((EXAMPLES / name / "challenge_config.yaml").read_text(encoding="utf-8"))

    assert len(configuration["short_description"]) <= 140


def _words(text):
    return re.sub(r"<[^>]+>", "", text).split()


def test_japanese_pages_have_no_blanks_beside_latin_letters_and_digits():
    pages = [page.read_text(encoding="utf-8") for page in (EXAMPLES / "diabetes-rmse/templates").glob("*.html")]
    configuration = yaml.safe_load((EXAMPLES / "diabetes-rmse/challenge_config.yaml").read_text(encoding="utf-8"))
    # a browser shows a line break as a blank, except between two Japanese signs
    texts = [re.sub(r"</?(?:code|strong|em)>", "", page) for page in pages] + [configuration["short_description"]]
    words = "|".join(re.sub(r"<[^>]+>", "|", text) for text in texts)

    assert re.findall(r"[ぁ-ヿ一-鿿、。「」（）]\s+[0-9A-Za-z]|[0-9A-Za-z]\s+[ぁ-ヿ一-鿿、。「」（）]", words) == []
