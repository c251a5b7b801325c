"""Where a script and its configuration speak of different phases, splits or metrics: seen before anybody submits."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from app.bundles.problems import Problem, Severity
from app.bundles.script_excerpts import excerpt_of
from app.bundles.script_results import ScriptGives, script_gives
from app.bundles.script_source import Package, follow_imports
from app.bundles.spec import ChallengeSpec
from app.rules.errors import N_

_MOST = 20
# What stands in place of metrics where a script gives up.
_REASONS = frozenset({"error", "errors", "message", "status"})
_RENAME = N_("Use the same name in the script and in the configuration; a result under another name is refused.")

Declared = dict[str, dict[str, tuple[str, ...]]]


def result_remarks(folder: Path, spec: ChallengeSpec, *, label: str) -> list[Problem]:
    """Return what is sure to fail, or to show as missing, by the source of the script; nothing of it is run.

    `label` is the script's path in the bundle.
    """
    package = Package(folder)
    if not (folder / "__init__.py").is_file():
        return []
    follow_imports(package, "__init__.py")
    try:
        gives = script_gives(package)
    except RecursionError:
        gives = None
    if gives is None or not gives.given:
        return []
    declared = _declared(spec)
    found = [*_phases_without_result(gives, declared), *_other_names(gives, declared)]
    return [_placed(it, folder, gives.file, label) for it in found[:_MOST]]


def _declared(spec: ChallengeSpec) -> Declared:
    """Return the metrics that boards ask for, by phase and split."""
    declared: Declared = {}
    for phase in spec.challenge_phases:
        splits = declared.setdefault(phase.codename, {})
        for it in spec.phase_splits_of(phase):
            split = spec.split(it.dataset_split_id).codename
            labels = (*splits.get(split, ()), *spec.board(it.leaderboard_id).labels)
            splits[split] = tuple(dict.fromkeys(labels))
    return declared


def _phases_without_result(gives: ScriptGives, declared: Declared) -> Iterator[Problem]:
    for phase in declared:
        if gives.known and not any(it.phases.admit(phase) for it in gives.given):
            yield Problem(
                severity=Severity.WARNING,
                message=N_("For the phase `%(phase)s` the script returns no result; it knows the codenames %(known)s."),
                hint=N_(
                    "Write the same codename in the script and in `challenge_phases`; otherwise submissions to the "
                    "phase fail."
                ),
                values={"phase": phase, "known": _listed(gives.known)},
                line=min(gives.known.values()),
            )


def _other_names(gives: ScriptGives, declared: Declared) -> Iterator[Problem]:
    said: set[tuple[str, ...]] = set()
    for given in gives.given:
        for phase, splits in declared.items():
            if not given.splits or not splits or not given.phases.admit(phase):
                continue
            for split, labels in given.splits.items():
                about = (phase, split) if split not in splits else (split,)
                problem = _about_split(phase, split, splits) if split not in splits else None
                problem = problem or _about_labels(split, labels, splits.get(split, ()))
                if problem is not None and about not in said:
                    said.add(about)
                    yield replace(problem, line=given.line)


def _about_split(phase: str, split: str, splits: dict[str, tuple[str, ...]]) -> Problem:
    return Problem(
        severity=Severity.WARNING,
        message=N_(
            "For the phase `%(phase)s` the script returns the split `%(split)s`; the phase has only %(declared)s."
        ),
        hint=_RENAME,
        values={"phase": phase, "split": split, "declared": _listed(splits)},
    )


def _about_labels(split: str, found: tuple[str, ...] | None, labels: tuple[str, ...]) -> Problem | None:
    have = {_loose(it) for it in found or ()}
    missing = [label for label in labels if _loose(label) not in have]
    if found is None or not missing or have <= _REASONS:
        return None
    values = {"split": split, "missing": _listed(missing), "found": _listed(found)}
    if len(missing) == len(labels):
        message = N_(
            "For the split `%(split)s` the script returns %(found)s; the metrics of its leaderboard are %(missing)s."
        )
        return Problem(severity=Severity.WARNING, message=message, hint=_RENAME, values=values)
    message = N_("For the split `%(split)s` the script leaves out %(missing)s; the leaderboard shows it as missing.")
    return Problem(severity=Severity.NOTE, message=message, values=values)


def _placed(problem: Problem, folder: Path, path: str, label: str) -> Problem:
    return replace(problem, file=f"{label}/{path}", excerpt=excerpt_of(folder / path, problem.line))


def _listed(names: Iterable[str]) -> str:
    listed = [f"`{name[:80]}`" for name in names]
    return ", ".join(listed[:10]) + (", …" if len(listed) > 10 else "")


def _loose(label: str) -> str:
    """Return a label as the result reader compares it."""
    return re.sub(r"[\s_-]+", "", label).casefold()
