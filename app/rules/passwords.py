"""Which passwords are good enough: long, not among the common ones, not made of the person's own name."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.rules.errors import N_, Invalid

SHORTEST = 12
LONGEST = 256
FEWEST_SIGNS = 5
LEAST_OF_ITS_OWN = 6
SHORTEST_WORD = 4

_RUNS = ("0123456789" * 4, "abcdefghijklmnopqrstuvwxyz" * 2, "qwertyuiopasdfghjklzxcvbnm" * 2)


def checked(password: str, *, own_words: Iterable[str], field: str = "password") -> str:
    """Return the password as received when it may be used.

    `own_words` are what a guesser tries first: name, e-mail address, name of the site. Raises Invalid with the reason.
    """
    if len(password) < SHORTEST:
        raise Invalid(
            N_("The password has %(length)s characters. Use at least %(shortest)s; a few unrelated words work well."),
            field=field,
            length=len(password),
            shortest=SHORTEST,
        )
    if len(password) > LONGEST:
        raise Invalid(
            N_("The password is longer than %(longest)s characters. Use a shorter one."), field=field, longest=LONGEST
        )
    if is_common(password):
        raise Invalid(N_("This password is easy to guess. Use a few unrelated words instead."), field=field)
    if is_made_of(password, own_words):
        raise Invalid(
            N_("The password is little more than a name or an address that others know. Use a few unrelated words."),
            field=field,
        )
    return password


def is_common(password: str) -> bool:
    """Whether the password, its letters alone, or the piece it repeats is a common one, a run, or hardly varied."""
    folded = password.casefold()
    if len(set(folded)) < FEWEST_SIGNS:
        return True
    unit = _repeated(folded)
    stem = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", unit)
    plain = re.sub(r"[\W_]+", "", unit)
    return any(word in _common() or _is_run(word) for word in (folded, unit, stem, plain) if word)


def is_made_of(password: str, own_words: Iterable[str]) -> bool:
    """Whether hardly anything is left of the password once the given words, digits and signs are taken out."""
    rest = re.sub(r"[\W_]+", "", password.casefold())
    found = False
    for word in sorted(_parts(own_words), key=len, reverse=True):
        found = found or word in rest
        rest = rest.replace(word, "")
    return found and len(re.sub(r"\d+", "", rest)) < LEAST_OF_ITS_OWN


def _parts(words: Iterable[str]) -> set[str]:
    parts: set[str] = set()
    for word in words:
        folded = word.casefold()
        pieces = [folded, folded.split("@", maxsplit=1)[0], *re.split(r"[\W_]+", folded)]
        parts.update(re.sub(r"[\W_]+", "", piece) for piece in pieces)
    return {part for part in parts if len(part) >= SHORTEST_WORD}


def _repeated(text: str) -> str:
    """Return the shortest piece that the text is a repetition of; the text itself when it is none."""
    return text[: (text + text).index(text, 1)]


def _is_run(text: str) -> bool:
    return len(text) >= SHORTEST_WORD and any(text in run or text in run[::-1] for run in _RUNS)


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("# "))
