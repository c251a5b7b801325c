"""Versions of a challenge: what is live, what waits, what one changes and what hangs on what it removes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.bundles import digests
from app.bundles.changes import BOARD, LEADERBOARD, PHASE, Change
from app.bundles.comparison import Contents, Version, compare
from app.bundles.kept_choices import keeping_choices
from app.bundles.script_changes import FileChange, script_changes
from app.bundles.spec import ChallengeSpec
from app.extensions import db, store
from app.models.challenges import Challenge, Leaderboard, PhaseSplit
from app.models.versions import BundleVersion
from app.queries import structure
from app.queries.current import current_spec
from app.rules.errors import N_
from app.rules.states import VersionStatus


def of_challenge(challenge_id: int) -> Sequence[BundleVersion]:
    """Return every version of a challenge, newest first."""
    return db.session.scalars(
        select(BundleVersion).where(BundleVersion.challenge_id == challenge_id).order_by(BundleVersion.number.desc())
    ).all()


def waiting(challenge: Challenge) -> BundleVersion | None:
    """Return the version that waits for approval while another one is live."""
    return db.session.scalar(
        select(BundleVersion)
        .where(
            BundleVersion.challenge_id == challenge.id,
            BundleVersion.status == VersionStatus.WAITING,
            BundleVersion.id != challenge.version_id,
        )
        .order_by(BundleVersion.number.desc())
        .limit(1)
    )


def waiting_challenges() -> frozenset[int]:
    """Return the ids of the challenges with a version that waits while another one is live."""
    found = select(BundleVersion.challenge_id).join(Challenge, BundleVersion.challenge_id == Challenge.id)
    waits = (BundleVersion.status == VersionStatus.WAITING, BundleVersion.id != Challenge.version_id)
    return frozenset(db.session.scalars(found.where(*waits)))


# -- what a version changes --------------------------------------------------------------------------------------------


def contents_of(spec: ChallengeSpec, root: Path, *, script: Path) -> Contents:
    """Return the hashes of an unpacked bundle's script, annotations and logo."""
    paths = {it.test_annotation_file for it in spec.challenge_phases}
    return Contents(
        script=digests.of_folder(script),
        annotations={path: digests.of_file(root / path) for path in paths if path},
        logo=digests.of_file(root / spec.image.path) if spec.image else None,
    )


def changes(challenge: Challenge, spec: ChallengeSpec, contents: Contents) -> list[Change]:
    """Return what a bundle would change about the challenge as it stands now."""
    old = _as_it_stands(challenge)
    return compare(old, Version(keeping_choices(spec, old.spec), contents))


def changed_script(challenge: Challenge, script: Path) -> list[FileChange]:
    """Return which lines of the live version's script another one changes; `script` is its unpacked folder."""
    live = challenge.version
    return script_changes(store.package(live.package_key), script) if live is not None else []


def script_of_waiting(waiting: BundleVersion) -> list[FileChange]:
    """Return which lines of the live version's script a waiting version changes."""
    return changed_script(waiting.challenge, store.package(waiting.package_key))


def annotation_hashes(challenge_id: int) -> set[str]:
    """Return the SHA-256 of everything that is or was an annotation of a challenge."""
    kept = db.session.scalars(select(BundleVersion.annotations).where(BundleVersion.challenge_id == challenge_id))
    return {file["sha256"] for annotations in kept for file in annotations.values()}


def _as_it_stands(challenge: Challenge) -> Version:
    spec = current_spec(challenge)
    version = challenge.version
    if version is None:
        return Version(spec, Contents())
    hashes = {path: file["sha256"] for path, file in version.annotations.items()}
    # versions from before annotations were kept by their paths
    by_codename = {row.codename: row.annotation_sha256 for row in challenge.phases if row.annotation_sha256}
    of_rows = {
        it.test_annotation_file: by_codename[it.codename]
        for it in spec.challenge_phases
        if it.test_annotation_file and it.codename in by_codename
    }
    logo = store.path(challenge.logo) if challenge.logo else None
    return Version(
        spec,
        Contents(
            script=digests.of_folder(store.package(version.package_key)),
            annotations=of_rows | hashes,
            logo=digests.of_file(logo) if logo is not None and logo.is_file() else None,
        ),
    )


# -- what hangs on what it removes or renames --------------------------------------------------------------------------

READABLE = N_("%(place)s: submissions that stay readable: %(count)s.")
CANCELLED = N_("%(place)s: submissions that stay readable: %(count)s; waiting or running, to be cancelled: %(open)s.")
RENAMED = N_("%(place)s: submissions that belong to %(new)s from then on: %(count)s.")
OTHER_METRICS = N_("%(place)s: submissions with scores of %(new)s, which is no longer a column: %(count)s.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Something with submissions that a version removes or renames: a sentence's template and its values.

    `place` is a template too, with `name`.
    """

    sentence: str
    place: str
    name: str
    count: int
    open: int = 0
    new: str = ""


def held(challenge: Challenge, spec: ChallengeSpec) -> list[Held]:
    """Return what holds submissions and would be removed or renamed by a version with this specification."""
    found = structure.paired(challenge, spec)
    gone = [*_phases(found), *_boards(found), *_metrics(found)]
    return [it for it in gone if it.count or it.open]


def _phases(found: structure.PairedRows) -> list[Held]:
    told = []
    for row, entry in found.phases:
        if row is None or (entry is not None and entry.codename == row.codename):
            continue
        count, still_open = structure.submissions_of(row.id), len(structure.open_submissions(row.id))
        if entry is not None:
            told.append(Held(sentence=RENAMED, place=PHASE, name=row.name, count=count, new=entry.codename))
        else:
            sentence = CANCELLED if still_open else READABLE
            told.append(Held(sentence=sentence, place=PHASE, name=row.name, count=count - still_open, open=still_open))
    return told


def _boards(found: structure.PairedRows) -> list[Held]:
    """Boards that go although their phase stays, and boards whose data split gets another codename."""
    gone = {row.id for row, entry in found.phases if row is not None and entry is None}
    renamed = {row.id: entry for row, entry in found.splits if row and entry and row.codename != entry.codename}
    told = []
    for row, entry in found.boards:
        if row is None or row.phase_id in gone:
            continue
        held = Held(sentence=READABLE, place=BOARD, name=_name(row), count=structure.entries_of([row.id]))
        if entry is None:
            told.append(held)
        elif row.dataset_split_id in renamed:
            new = renamed[row.dataset_split_id].codename
            told.append(Held(sentence=RENAMED, place=BOARD, name=held.name, count=held.count, new=new))
    return told


def _metrics(found: structure.PairedRows) -> list[Held]:
    told = []
    for row, entry in found.leaderboards:
        dropped = [label for label in row.labels if label not in entry.labels] if row and entry else []
        if row is not None and dropped:
            count = structure.entries_of(_boards_of(row, found))
            name, new = ", ".join(row.labels), ", ".join(dropped)
            told.append(Held(sentence=OTHER_METRICS, place=LEADERBOARD, name=name, count=count, new=new))
    return told


def _boards_of(leaderboard: Leaderboard, found: structure.PairedRows) -> list[int]:
    return [row.id for row, entry in found.boards if row and entry and row.leaderboard_id == leaderboard.id]


def _name(row: PhaseSplit) -> str:
    return f"{row.phase.name}, {row.dataset_split.name}"
