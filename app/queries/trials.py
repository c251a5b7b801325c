"""Trials as pages and the worker need them, and the phases of a version that can be tried."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from app.bundles.samples import looks_like_sample
from app.bundles.spec import ChallengeSpec, PhaseSpec
from app.extensions import db
from app.models.challenges import Challenge, Phase
from app.models.trials import Trial
from app.models.versions import BundleVersion
from app.queries import challenges


@dataclass(frozen=True, kw_only=True)
class TriedBoard:
    """A dataset split and the columns of its board; `descending`: label -> whether the highest ranks first."""

    split: str
    name: str
    labels: tuple[str, ...]
    decimals: int
    descending: dict[str, bool]


@dataclass(frozen=True, kw_only=True)
class TriedPhase:
    """What a trial needs of a phase, as one version has it; `kinds` are the endings of the files it takes."""

    codename: str
    name: str
    kinds: tuple[str, ...]
    annotation_key: str | None
    annotation_name: str
    boards: tuple[TriedBoard, ...]


@dataclass(frozen=True, kw_only=True)
class KnownFile:
    """A file in the store that can be tried: of the bundle, or tried before. `ref` names it in a form."""

    ref: str
    key: str
    name: str
    size: int
    is_sample: bool


@dataclass(frozen=True)
class PhaseTrials:
    """A phase and its trials, the newest first."""

    phase: TriedPhase
    trials: tuple[Trial, ...]

    @property
    def latest(self) -> Trial | None:
        return self.trials[0] if self.trials else None


@dataclass(frozen=True)
class VersionTrials:
    """What is known of a version by trying it: whether its script loads, and each phase."""

    check: Trial | None
    phases: tuple[PhaseTrials, ...]

    @property
    def latest(self) -> list[Trial]:
        """The trials that count: the last of the script and of each phase."""
        return [it for it in (self.check, *(phase.latest for phase in self.phases)) if it is not None]

    @property
    def passed(self) -> bool:
        """Whether the script loads and every phase gave scores."""
        return bool(self.phases) and all(it is not None and it.passed for it in (self.check, *self._latest_of_phases))

    @property
    def untried(self) -> list[TriedPhase]:
        """The phases that nobody has tried."""
        return [it.phase for it in self.phases if it.latest is None]

    @property
    def failed(self) -> bool:
        """Whether the last trial of anything failed."""
        return any(it.status.is_over and not it.passed for it in self.latest)

    @property
    def is_open(self) -> bool:
        """Whether a trial waits or runs."""
        return any(not it.status.is_over for it in self.latest)

    @property
    def _latest_of_phases(self) -> list[Trial | None]:
        return [it.latest for it in self.phases]


def of_version(version: BundleVersion) -> VersionTrials:
    """Return every phase of a version with its trials."""
    found = db.session.scalars(select(Trial).where(Trial.version_id == version.id).order_by(Trial.id.desc())).all()
    by_codename: dict[str | None, list[Trial]] = {}
    for trial in found:
        by_codename.setdefault(trial.codename, []).append(trial)
    checks = by_codename.get(None, [])
    phases = tuple(PhaseTrials(it, tuple(by_codename.get(it.codename, ()))) for it in phases_of(version))
    return VersionTrials(checks[0] if checks else None, phases)


def phases_of(version: BundleVersion) -> tuple[TriedPhase, ...]:
    """Return the phases of a version: from its own configuration, so that one that waits for approval can be tried."""
    spec = challenges.spec_of(version)
    if spec is None:
        return tuple(_from_row(phase) for phase in version.challenge.phases)
    return tuple(_from_spec(spec, phase, version) for phase in spec.challenge_phases)


def phase_of(version: BundleVersion, codename: str | None) -> TriedPhase | None:
    """Return one phase of a version."""
    return next((phase for phase in phases_of(version) if phase.codename == codename), None)


def _from_spec(spec: ChallengeSpec, phase: PhaseSpec, version: BundleVersion) -> TriedPhase:
    path = phase.test_annotation_file
    boards = []
    for it in spec.phase_splits_of(phase):
        split, labels = spec.split(it.dataset_split_id), spec.board(it.leaderboard_id).labels
        boards.append(
            TriedBoard(
                split=split.codename,
                name=split.name,
                labels=labels,
                decimals=it.leaderboard_decimal_precision,
                descending={label: spec.descending_for(it, label) for label in labels},
            )
        )
    return TriedPhase(
        codename=phase.codename,
        name=phase.name,
        kinds=phase.allowed_submission_file_types,
        annotation_key=version.annotations[path]["key"] if path in version.annotations else None,
        annotation_name=(path or "").rpartition("/")[2],
        boards=tuple(boards),
    )


def _from_row(phase: Phase) -> TriedPhase:
    boards = tuple(
        TriedBoard(
            split=it.dataset_split.codename,
            name=it.dataset_split.name,
            labels=tuple(it.leaderboard.labels),
            decimals=it.decimals,
            descending=it.descending,
        )
        for it in phase.splits
    )
    return TriedPhase(
        codename=phase.codename,
        name=phase.name,
        kinds=tuple(phase.allowed_submission_file_types),
        annotation_key=phase.annotation_key,
        annotation_name=phase.annotation_name or "",
        boards=boards,
    )


def files_of(version: BundleVersion) -> list[KnownFile]:
    """Return the files that can be tried without being sent: samples of the bundle, then what was tried before."""
    assets = [it for it in challenges.assets(version.id) if looks_like_sample(it.path)]
    found = [
        KnownFile(ref=f"asset-{it.id}", key=it.file_key, name=it.path, size=it.size, is_sample=True) for it in assets
    ]
    keys = {it.key for it in found}
    of_version = select(Trial).where(Trial.version_id == version.id, Trial.file_key.is_not(None))
    for it in db.session.scalars(of_version.order_by(Trial.id.desc())):
        if it.file_key is not None and it.file_key not in keys:
            keys.add(it.file_key)
            ref = f"trial-{it.id}"
            found.append(KnownFile(ref=ref, key=it.file_key, name=it.file_name, size=it.size, is_sample=it.is_sample))
    return found


def version(challenge: Challenge, number: int) -> BundleVersion | None:
    """Return a version of a challenge by its number."""
    of_challenge = select(BundleVersion).where(BundleVersion.challenge_id == challenge.id)
    return db.session.scalar(of_challenge.where(BundleVersion.number == number))


def trial(trial_id: int) -> Trial | None:
    """Return a trial with its version, its challenge and what it printed."""
    return db.session.scalar(
        select(Trial)
        .where(Trial.id == trial_id)
        .options(
            joinedload(Trial.version).joinedload(BundleVersion.challenge),
            joinedload(Trial.asked_by),
            undefer(Trial.stdout),
            undefer(Trial.stderr),
            undefer(Trial.submission_result),
        )
    )
