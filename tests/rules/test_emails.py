import re

import pytest

from app.rules.emails import checked_domains, checked_email, domain_of, email_key
from app.rules.errors import Invalid


@pytest.mark.parametrize("email", ["anna@example.com", "a.b+c@sub.example.co.jp", "anna@lab", "o'neil@xn--wgv71a.jp"])
def test_an_address_is_taken(email):
    assert checked_email(f" {email} ") == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "@example.com",
        "anna@",
        "a@b@example.com",
        "anna@example.com.",
        "anna@.com",
        "anna@exa_mple.com",
        "аnna@example.com",
        "anna@exаmple.com",
        "anna@例え.jp",
        "anna@example.com, ben@example.com",
        "anna@example.com\nbcc:x",
        "anna\x00@example.com",
        "a..b@example.com",
        "x" * 10_000 + "@example.com",
        "anna@" + "x" * 10_000,
    ],
)
def test_what_is_no_plain_address_is_refused(email):
    with pytest.raises(Invalid, match="not an e-mail address"):
        checked_email(email)


def test_addresses_are_equal_whatever_their_case():
    assert email_key("Anna@Example.COM ") == email_key("anna@example.com")
    assert domain_of("anna@Example.COM") == "example.com"


def test_domains_are_read_from_a_line():
    assert checked_domains("@Example.com, lab.example.com\nexample.com", field="x") == [
        "example.com",
        "lab.example.com",
    ]


@pytest.mark.parametrize("wrong", ["not_one", "@@", "*.example.com"])
def test_a_domain_that_is_none_is_named_as_it_was_written(wrong):
    with pytest.raises(Invalid, match=re.escape(f"{wrong} is not an e-mail domain")):
        checked_domains(f"example.com, {wrong}", field="x")
