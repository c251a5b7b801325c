"""Which known key a misspelt one stands for."""

import difflib
import re
from collections.abc import Collection, Iterable

_AROUND = "\"'“”„‘’` \ufeff\u3000\u00a0\u200b"


def similar_key(key: str, known: Collection[str]) -> str | None:
    """Return the known key that a misspelt one stands for, if one is near enough."""
    plain = _plain(key)
    if plain in known:
        return plain
    words = {frozenset(name.split("_")): name for name in known}
    near = difflib.get_close_matches(plain, known, n=1, cutoff=0.8)
    return words.get(frozenset(plain.split("_"))) or (near[0] if near else None)


def misspelt(wanted: Iterable[str], strangers: Collection[str], known: Collection[str]) -> dict[str, str]:
    """Return, for wanted keys that are absent, the unknown key that seems to be meant for each."""
    missing = list(wanted)
    if not missing:
        return {}
    found: dict[str, str] = {}
    for stranger in list(strangers)[:100]:
        near = similar_key(stranger, known) or _shortened(stranger, missing)
        if near in missing:
            found.setdefault(near, stranger)
    return found


def _plain(key: str) -> str:
    """Write a key as keys are written: `Start date`, `start-date` and `startDate` all as `start_date`."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key[:80].strip(_AROUND))
    return re.sub(r"[\s_-]+", "_", text.lower())


def _shortened(key: str, missing: list[str]) -> str | None:
    """Return the only missing key that has all words of a shorter one: `phases` for `challenge_phases`."""
    words = set(_plain(key).split("_"))
    longer = [name for name in missing if words < set(name.split("_"))]
    return longer[0] if len(longer) == 1 else None
