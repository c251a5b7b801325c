from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.redirects import safe_target

TRICKS = [
    "//evil",
    "///evil",
    "/\\evil",
    "\\\\evil",
    "https:evil",
    "https://evil/",
    "http:///evil",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil%2f..",
    "//host@evil",
    "\t//evil",
    "/\t/evil",
    "\n/evil",
    "/\n/evil",
    "\u00ad//evil",
    "\u200b//evil",
    "\x08//evil",
    "//%09/evil",
    "//evil%E3%80%82com",
    "/a//evil",
    "//[evil",
    "evil",
    "?next=/",
    "#x",
    "",
    None,
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("wish", TRICKS)
def test_a_trick_goes_home(wish):
    assert safe_target(wish) == "/"


@pytest.mark.parametrize(
    ("wish", "target"),
    [
        ("/", "/"),
        ("/challenges/auc", "/challenges/auc"),
        ("/challenges/auc?page=2&sort=F1", "/challenges/auc?page=2&sort=F1"),
        ("/challenges/auc#board", "/challenges/auc"),
        ("/a?next=https://evil", "/a?next=https://evil"),
        ("/試合", "/%E8%A9%A6%E5%90%88"),
        ('/a"<b', "/a%22%3Cb"),
    ],
)
def test_a_path_of_this_site_is_kept_with_its_query(wish, target):
    assert safe_target(wish) == target


@given(st.text(max_size=60) | st.text(alphabet="/\\:@.?#%&;evil\t\n\u200b", max_size=20).map("/".__add__))
def test_whatever_is_wished_the_browser_stays_here(wish):
    target = safe_target(wish)

    assert urlsplit(urljoin("https://here/page", target)).netloc == "here"
    assert target.isascii()
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
