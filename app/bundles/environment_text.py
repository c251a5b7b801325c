"""The requirements of an environment: what an administrator writes, in one normal form, and what to propose."""

import hashlib
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement

from app.bundles.distributions import canonical
from app.bundles.requirements import Need, State
from app.rules.errors import N_

LONGEST = 20_000
_MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that cannot be used; `message` is a template for `line` and `text`."""

    line: int
    text: str
    message: str


def python_version() -> str:
    """Return the version of Python that environments are made for, such as 3.11."""
    return ".".join(platform.python_version_tuple()[:2])


def environment_key(requirements: str) -> str:
    """Return the name that equal requirements have in common on this Python and this machine."""
    parts = (python_version(), platform.machine(), requirements)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def normalised(text: str) -> tuple[str, list[Mistake]]:
    """Return the requirements in normal form, one a line in order, and every line that cannot be used.

    Names of packages with versions only: addresses and options would let whoever wrote them choose the source.
    """
    kept: dict[str, None] = {}
    mistakes: list[Mistake] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.split("#", maxsplit=1)[0].strip()
        if not line:
            continue
        read, message = _line(line)
        if read:
            kept[read] = None
        else:
            mistakes.append(Mistake(number, line[:100], message))
    if len(kept) > _MOST_LINES:
        mistakes.append(Mistake(_MOST_LINES, "", N_("There are more packages than %(line)s.")))
    return "\n".join(sorted(kept)), mistakes


def _line(line: str) -> tuple[str, str]:
    if line.startswith("-"):
        return "", N_("Line %(line)s, `%(text)s`: options are not accepted. Write names of packages.")
    try:
        asked = Requirement(line)
    except InvalidRequirement:
        return "", N_("Line %(line)s, `%(text)s`: write a package and, if it matters, its version: `numpy==1.26.4`.")
    if asked.url is not None:
        return "", N_("Line %(line)s, `%(text)s`: packages come from this server's own source, not from an address.")
    extras = f"[{','.join(sorted(canonical(it) for it in asked.extras))}]" if asked.extras else ""
    versions = ",".join(sorted(str(it) for it in asked.specifier))
    marker = f"; {asked.marker}" if asked.marker else ""
    return f"{canonical(asked.name)}{extras}{versions}{marker}", ""


def proposal(needs: Iterable[Need]) -> str:
    """Return what to fill in for what a script needs; what cannot be read is left as a comment."""
    # every script has a stand-in for pip, which a real one would put aside
    wanted = (need for need in needs if not need.optional and need.name != "pip")
    return "\n".join(need.requirement if need.is_clear else f"# {need.name}" for need in wanted)


def with_missing(requirements: str, needs: Iterable[Need], installed: Mapping[str, str]) -> str:
    """Return the requirements of an environment with what a script needs besides, as comments to choose from."""
    missing = (need for need in needs if not need.optional and need.state(installed) is State.MISSING)
    return "\n".join([requirements, *(f"# {need.requirement}" for need in missing)])


def with_nearest(requirements: str, unavailable: Sequence[Mapping[str, str]]) -> str:
    """Return the requirements with the nearest version in place of every one that cannot be had."""
    nearest = {it["name"]: it["nearest"] for it in unavailable}
    lines = []
    for line in requirements.splitlines():
        name = canonical(Requirement(line).name)
        if name not in nearest:
            lines.append(line)
        else:
            lines.append(f"{name}=={nearest[name]}" if nearest[name] else f"# {line}")
    return "\n".join(lines)
