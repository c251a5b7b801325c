import pytest

from app.rules.agents import browser_words
from app.rules.zones import ZONES


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
            "Safari, iPhone",
        ),
        ("something else", "something else"),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_a_few_words(agent, words):
    assert browser_words(agent) == words


def test_zones_are_places():
    assert {"UTC", "Asia/Tokyo", "Europe/Berlin"} <= set(ZONES)
    assert "EST" not in ZONES
