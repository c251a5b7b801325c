"""What the import says about packages that a script needs and this server does not have as asked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.bundles.problems import Problem, Severity
from app.bundles.requirements import UNCLEAR, Need, State, Way
from app.rules.errors import N_

_BUILD = N_("An administrator can build an environment for this challenge that includes it.")


def needs_remarks(needs: Iterable[Need], installed: Mapping[str, str], *, label: str) -> list[Problem]:
    """Return a warning or a note for every need that is not met; `label` is the script's path in the bundle."""
    found = [_remark(need, need.state(installed), installed.get(need.name, ""), label) for need in needs]
    return [problem for problem in found if problem is not None]


def _remark(need: Need, state: State, version: str, label: str) -> Problem | None:
    values = {"name": need.name, "asked": need.requirement, "version": version}
    if state is State.MISSING:
        return _at(need, label, *_missing(need), values)
    if state is State.OTHER_VERSION:
        message = N_(
            "The script asks for `%(asked)s`; this server has %(version)s, and pip is told that it is installed."
        )
        hint = N_("If the version matters, an administrator can build an environment with the requested one.")
        # an import names no version
        asked_first = replace(need, places=tuple(sorted(need.places, key=lambda it: it.way is Way.IMPORT)))
        return _at(asked_first, label, Severity.NOTE, message, hint, values)
    if state is State.UNREADABLE:
        message = N_("What the script asks for here cannot be read as a package: `%(name)s`.")
        if need.name == UNCLEAR:
            message = N_("Which packages the script installs with pip here is known only when it runs.")
        return _at(need, label, Severity.NOTE, message, "", values)
    return None


def _missing(need: Need) -> tuple[Severity, str, str]:
    """Return how bad it is that a package is missing, and the words for it."""
    if need.optional:
        message = N_("The script uses `%(name)s` if it is available; it is not installed on this server.")
        return Severity.NOTE, message, _BUILD
    if all(place.way is Way.PIP for place in need.places):
        # as the examples of EvalAI's template ask for packages that most scripts never import
        message = N_("The script asks pip for `%(name)s`, which is not installed on this server; nothing imports it.")
        hint = N_("It runs without it. If another package needs it, ask an administrator to build an environment.")
        return Severity.NOTE, message, hint
    message = N_("The script needs `%(name)s`, which is not installed on this server.")
    return Severity.WARNING, message, _BUILD


def _at(need: Need, label: str, severity: Severity, message: str, hint: str, values: Mapping[str, str]) -> Problem:
    place = need.places[0]
    file = f"{label}/{place.file}" if label else place.file
    return Problem(severity=severity, message=message, hint=hint, values=values, file=file, line=place.line)
