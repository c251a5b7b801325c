import pytest

from app.rules.errors import Invalid
from app.rules.passwords import _common, checked, is_common, is_made_of

ADA = ("Ada Lovelace", "ada.lovelace@example.com", "Shiai")


@pytest.mark.parametrize(
    "password",
    [
        "plum harbour seventeen",
        "z8$kQ!vm2#Lp",
        "桜の下で三人が静かに踊る夜",
        "correct horse ada battery",
        "x" * 250 + "abcdef",
    ],
)
def test_a_long_password_of_its_own_is_taken_as_it_is(password):
    assert checked(password, own_words=ADA) == password


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elevensigns", "at least 12"),
        ("", "at least 12"),
        ("x9" * 129, "longer than 256"),
        ("password1234", "easy to guess"),
        ("Password2026!", "easy to guess"),
        ("passwordpassword", "easy to guess"),
        ("1qaz2wsx3edc", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("qwertyuiopasdf", "easy to guess"),
        ("aaaaaaaaaaaaaa", "easy to guess"),
        ("Ada Lovelace", "name or an address"),
        ("adalovelace2026!", "name or an address"),
        ("ada.lovelace@example.com", "name or an address"),
        ("lovelace-shiai-1", "name or an address"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, reason):
    with pytest.raises(Invalid, match=reason) as refusal:
        checked(password, own_words=ADA)

    assert refusal.value.field == "password"


def test_short_names_do_not_spoil_a_password():
    assert not is_made_of("a nice long sentence", ["A", "Li"])


def test_the_list_of_common_passwords_is_long_enough():
    assert len(_common()) >= 3000
    assert is_common("letmeinletmein")


def test_a_password_of_any_length_is_answered_at_once():
    assert is_common("ab" * 500_000)
