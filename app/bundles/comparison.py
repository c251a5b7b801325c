"""What a new version of a challenge changes: its configuration, its script, its annotations, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from app.bundles.changes import DATASET_SPLIT, PHASE, SCRIPT, Change, Kind
from app.bundles.compared_boards import board_changes, leaderboard_changes
from app.bundles.compared_keys import CHALLENGE_KEYS, PHASE_KEYS, SHIAI_CHALLENGE_KEYS, SHIAI_PHASE_KEYS, SPLIT_KEYS
from app.bundles.compared_rows import Rows
from app.bundles.compared_values import came_or_went, changed_keys, changed_order, plain
from app.bundles.shiai_spec import ShiaiChallenge, ShiaiPhase
from app.bundles.spec import ChallengeSpec, PhaseSpec
from app.rules.errors import N_

_ANNOTATION = N_("annotation file")
_CONTENT = N_("content of the annotation file")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """SHA-256 of what a bundle brings beside its configuration: script files and annotations by path, the logo."""

    script: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    logo: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A challenge as one version of its bundle has it."""

    spec: ChallengeSpec
    contents: Contents


def compare(old: Version, new: Version) -> list[Change]:
    """Return every difference between two versions; none between equal ones."""
    rows = Rows.of(old.spec, new.spec)
    return [
        *changed_keys(old.spec, new.spec, CHALLENGE_KEYS, where=""),
        *_own(old.spec, new.spec),
        *_logo(old, new),
        *_script(old.contents.script, new.contents.script),
        *_phases(old, new, rows),
        *_splits(old.spec, rows),
        *leaderboard_changes(old.spec, new.spec, rows),
        *board_changes(old.spec, new.spec, rows),
    ]


def _own(old: ChallengeSpec, new: ChallengeSpec) -> Iterator[Change]:
    before, after = old.shiai or ShiaiChallenge(), new.shiai or ShiaiChallenge()
    yield from changed_keys(before, after, SHIAI_CHALLENGE_KEYS, where="shiai")


def _logo(old: Version, new: Version) -> Iterator[Change]:
    before, after = old.spec.image, new.spec.image
    if old.contents.logo != new.contents.logo:
        names = [it.path if it else None for it in (before, after)]
        yield Change(kind=Kind.TEXT, where="image", what=N_("Logo"), old=names[0], new=names[1])
    elif before != after:
        yield Change(kind=Kind.KEPT, where="image", what="`image`", old=plain(before), new=plain(after))


def _script(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    groups = (
        (N_("changed files"), [path for path in old if path in new and old[path] != new[path]]),
        (N_("new files"), [path for path in new if path not in old]),
        (N_("removed files"), [path for path in old if path not in new]),
    )
    for what, paths in groups:
        if paths:
            named = tuple(sorted(paths))
            yield Change(kind=Kind.SCORING, where="evaluation_script", what=what, new=named, place=SCRIPT)


def _phases(old: Version, new: Version, rows: Rows) -> Iterator[Change]:
    where, what = "challenge_phases", N_("Order of phases")
    yield from changed_order(rows.phases, old.spec.challenge_phases, where=where, what=what)
    for before, after in rows.phases:
        row = after or before
        if row is None:
            continue
        where = f"challenge_phases[{row.codename}]"
        yield from came_or_went(before, after, where=where, place=PHASE, name=row.name)
        if before is not None and after is not None:
            yield from changed_keys(before, after, PHASE_KEYS, where=where, place=PHASE, name=row.name)
            own = before.shiai or ShiaiPhase(), after.shiai or ShiaiPhase()
            yield from changed_keys(*own, SHIAI_PHASE_KEYS, where=f"{where}.shiai", place=PHASE, name=row.name)
        if after is not None:
            yield from _annotation(before, after, old.contents, new.contents)


def _annotation(before: PhaseSpec | None, after: PhaseSpec, old: Contents, new: Contents) -> Iterator[Change]:
    """Compare what a phase's submissions are scored against: the content of the file and its name.

    A new phase on an annotation that was approved already needs no new approval.
    """
    names = (before.test_annotation_file if before else None, after.test_annotation_file)
    had, has = old.annotations.get(names[0] or ""), new.annotations.get(names[1] or "")
    known = before is None and (has is None or has in old.annotations.values())
    where = f"challenge_phases[{after.codename}].test_annotation_file"
    change = partial(Change, where=where, place=PHASE, name=after.name, old=names[0], new=names[1])
    if had != has and not known:
        yield change(kind=Kind.SCORING, what=_ANNOTATION if names[0] != names[1] else _CONTENT)
    elif before is not None and _base(names[0]) != _base(names[1]):
        # the script is given a file of this name
        yield change(kind=Kind.SCORING, what=_ANNOTATION)
    elif before is not None and names[0] != names[1]:
        yield change(kind=Kind.KEPT, what="`test_annotation_file`")


def _base(path: str | None) -> str:
    return (path or "").rsplit("/", 1)[-1]


def _splits(old: ChallengeSpec, rows: Rows) -> Iterator[Change]:
    yield from changed_order(rows.splits, old.dataset_splits, where="dataset_splits")
    for before, after in rows.splits:
        row = after or before
        if row is None:
            continue
        where = f"dataset_splits[{row.codename}]"
        yield from came_or_went(before, after, where=where, place=DATASET_SPLIT, name=row.name)
        if before is not None and after is not None:
            yield from changed_keys(before, after, SPLIT_KEYS, where=where, place=DATASET_SPLIT, name=row.name)
