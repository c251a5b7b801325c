"""Whom a challenge takes by e-mail address."""

import pytest

from app.rules.eligibility import Eligibility


@pytest.mark.parametrize(
    ("said", "email", "taken"),
    [
        ({}, "a@example.com", True),
        ({"allowed": ["example.com"]}, "a@example.com", True),
        ({"allowed": ["Example.COM"]}, "A@EXAMPLE.com", True),
        ({"allowed": ["example.com"]}, "a@lab.example.com", True),
        ({"allowed": [".ac.jp"]}, "a@u-tokyo.ac.jp", True),
        ({"allowed": ["@example.com"]}, "a@example.com", True),
        ({"allowed": ["b.com"]}, "a@ab.com", False),
        ({"allowed": ["example.com"]}, "a@example.com.evil.org", False),
        ({"allowed": ["example.com"]}, "a@other.org", False),
        ({"blocked": ["other.org"]}, "a@other.org", False),
        ({"blocked": ["other.org"]}, "a@example.com", True),
        ({"allowed": ["example.com"], "blocked": ["lab.example.com"]}, "a@lab.example.com", False),
        ({"banned": ["A@example.com"]}, "a@example.com", False),
        ({"admitted": ["a@other.org"]}, "a@other.org", True),
        ({"admitted": ["a@other.org"]}, "b@other.org", False),
        ({"allowed": ["example.com"], "admitted": ["a@other.org"]}, "a@other.org", True),
        ({"blocked": ["other.org"], "admitted": ["a@other.org"]}, "a@other.org", True),
        ({"admitted": ["a@other.org"], "banned": ["a@other.org"]}, "a@other.org", False),
    ],
)
def test_domains_hold_with_what_lies_below_them_and_an_address_weighs_more_than_its_domain(said, email, taken):
    assert Eligibility(**said).admits(email) is taken
