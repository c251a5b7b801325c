"""Bringing a bundle in: its files into the store, then all its rows in one transaction."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.bundles.check import CheckedBundle
from app.bundles.problems import Problem
from app.bundles.samples import samples_for
from app.bundles.spec import ChallengeSpec, LeaderboardSpec, MetaAttribute, PhaseSpec, PhaseSplitSpec
from app.bundles.spec_json import encode
from app.extensions import store, writing
from app.models.accounts import Account
from app.models.challenges import (
    BundleVersion,
    Challenge,
    ChallengeHost,
    DatasetSplit,
    Leaderboard,
    Phase,
    PhaseSplit,
)
from app.queries import challenges
from app.queries import site as site_queries
from app.queries.trials import KnownFile
from app.rules.errors import N_, NotAllowed
from app.rules.names import bundle_stem, safe_file_name, slugify
from app.rules.permissions import may_host
from app.rules.states import VersionStatus
from app.services import assets, audit, boards, trials
from app.storage import StoredFile


def import_bundle(checked: CheckedBundle, *, zip_path: Path, file_name: str, by: Account, now: datetime) -> Challenge:
    """Make a waiting challenge of a sound bundle: files kept first, then all rows in one transaction.

    Raises NotAllowed when the person may not host. Files are discarded when the rows cannot be stored.
    """
    spec, root, script = checked.spec, checked.root, checked.script_folder
    if spec is None or root is None or script is None:
        raise ValueError("a bundle with errors must not be imported")
    kept = _Kept(store.keep_copy(zip_path), store.keep_package(script))
    committed = False
    try:
        for phase in spec.challenge_phases:
            kept.annotation(root, phase.test_annotation_file)
        if spec.image is not None:
            kept.logo = store.keep_copy(root / spec.image.path)
        for path in assets.candidates(spec, checked.files):
            kept.assets[path] = store.keep_copy(root / path)
        first = samples_for(spec.challenge_phases, checked.samples)
        samples = {codename: kept.sample(root, path) for codename, path in first.items()}
        with writing() as session:
            if not by.is_active or not may_host(
                policy=site_queries.site().hosting, is_admin=by.is_admin, named=by.may_host
            ):
                raise NotAllowed(N_("On this server only named people may host. Ask the administrator."))
            challenge = _challenge(session, spec, kept=kept, file_name=file_name, by=by, now=now)
            version = _version(session, challenge, checked, spec, kept=kept, file_name=file_name, by=by, now=now)
            session.add_all(assets.rows(spec, kept.assets, root=root, version_id=version.id))
            _structure(session, challenge, spec, kept=kept)
            trials.add_first(session, version, samples=samples, by=by, now=now)
            audit.record(session, by=by, action="challenge.uploaded", subject=challenge.slug, details={}, now=now)
        committed = True
    finally:
        if not committed:
            kept.discard()
    return challenge


class _Kept:
    """The files of a bundle that lie in the store before their rows do."""

    def __init__(self, bundle: StoredFile, package_key: str) -> None:
        self.bundle = bundle
        self.package_key = package_key
        self.annotations: dict[str, StoredFile] = {}
        self.assets: dict[str, StoredFile] = {}
        # beside annotations, where no file is ever shared
        self.samples: dict[str, StoredFile] = {}
        self.logo: StoredFile | None = None

    def annotation(self, root: Path, path: str | None) -> None:
        """Keep an annotation once, however many phases name it."""
        if path is not None and path not in self.annotations:
            self.annotations[path] = store.keep_copy(root / path)

    def sample(self, root: Path, path: str) -> KnownFile:
        """Return a file to try the challenge with, kept once."""
        file = self.assets.get(path) or self.samples.get(path)
        if file is None:
            file = self.samples[path] = store.keep_copy(root / path)
        return KnownFile(ref="", key=file.key, name=path, size=file.size, is_sample=True)

    def discard(self) -> None:
        """Delete everything again."""
        copies = (*self.annotations.values(), *self.assets.values(), *self.samples.values())
        for file in (self.bundle, self.logo, *copies):
            if file is not None:
                store.discard(file.key)
        store.discard_package(self.package_key)


def _challenge(
    session: Session, spec: ChallengeSpec, *, kept: _Kept, file_name: str, by: Account, now: datetime
) -> Challenge:
    challenge = Challenge(
        slug=_free_slug(spec, file_name=file_name),
        title=spec.title,
        short_description=spec.short_description,
        description=spec.description.html,
        evaluation_details=spec.evaluation_details.html,
        terms_and_conditions=spec.terms_and_conditions.html,
        submission_guidelines=spec.submission_guidelines.html,
        leaderboard_description=spec.leaderboard_description,
        start_at=spec.start_date,
        end_at=spec.end_date,
        is_published=spec.published,
        registration_open=spec.is_registration_open,
        logo=kept.logo.key if kept.logo else None,
        tags=list(spec.tags),
        extra={"max_team_members": spec.max_team_members, "logo_type": spec.image.media_type if spec.image else None},
        created_at=now,
    )
    session.add(challenge)
    session.flush()
    session.add(ChallengeHost(challenge_id=challenge.id, account_id=by.id))
    return challenge


def _free_slug(spec: ChallengeSpec, *, file_name: str) -> str:
    """Find an address: out of the title, else out of the bundle's own `slug` or the name of its zip."""
    hints = (str(spec.ignored.get("slug") or ""), bundle_stem(file_name))
    fallback = next((found for hint in hints if (found := slugify(hint, fallback="")) and len(found) > 2), "challenge")
    wish = slugify(spec.title, fallback=fallback)
    slug, number = wish, 2
    while challenges.slug_is_taken(slug):
        slug, number = f"{wish}-{number}", number + 1
    return slug


def _version(
    session: Session,
    challenge: Challenge,
    checked: CheckedBundle,
    spec: ChallengeSpec,
    *,
    kept: _Kept,
    file_name: str,
    by: Account,
    now: datetime,
) -> BundleVersion:
    version = BundleVersion(
        challenge_id=challenge.id,
        number=1,
        status=VersionStatus.WAITING,
        file_name=safe_file_name(file_name),
        file_key=kept.bundle.key,
        size=kept.bundle.size,
        sha256=kept.bundle.sha256,
        package_key=kept.package_key,
        files=[{"path": file.path, "size": file.size} for file in checked.files],
        notes=[_note(problem) for problem in checked.problems],
        needs=[need.to_json() for need in checked.needs],
        spec=encode(spec),
        annotations={path: asdict(file) for path, file in kept.annotations.items()},
        logo_key=kept.logo.key if kept.logo else None,
        uploaded_by_id=by.id,
        uploaded_at=now,
    )
    session.add(version)
    session.flush()
    challenge.version_id = version.id
    return version


def _note(problem: Problem) -> dict[str, Any]:
    """Keep a remark of the reader as a template with its values, so that each reads it in the own language."""
    return {
        "severity": problem.severity.value,
        "file": problem.file,
        "line": problem.line,
        "message": problem.message,
        "hint": problem.hint,
        "values": {name: str(value) for name, value in problem.values.items()},
    }


def _structure(session: Session, challenge: Challenge, spec: ChallengeSpec, *, kept: _Kept) -> None:
    phases = {it.id: _phase(challenge, it, position, kept=kept) for position, it in enumerate(spec.challenge_phases)}
    splits = {
        it.id: DatasetSplit(challenge_id=challenge.id, config_id=str(it.id), name=it.name, codename=it.codename)
        for it in spec.dataset_splits
    }
    leaderboards = {it.id: _leaderboard(challenge, it) for it in spec.leaderboard}
    session.add_all([*phases.values(), *splits.values(), *leaderboards.values()])
    session.flush()
    for position, it in enumerate(spec.challenge_phase_splits):
        split = _phase_split(spec, it, position)
        split.phase = phases[it.challenge_phase_id]
        split.dataset_split = splits[it.dataset_split_id]
        split.leaderboard = leaderboards[it.leaderboard_id]
        session.add(split)
        session.flush()
        boards.raise_version(session, split)


def _phase(challenge: Challenge, spec: PhaseSpec, position: int, *, kept: _Kept) -> Phase:
    annotation = kept.annotations.get(spec.test_annotation_file or "")
    return Phase(
        challenge_id=challenge.id,
        config_id=str(spec.id),
        position=position,
        codename=spec.codename,
        name=spec.name,
        description=spec.description.html,
        start_at=spec.start_date,
        end_at=spec.end_date,
        is_public=spec.is_public,
        leaderboard_public=spec.leaderboard_public,
        is_submission_public=spec.is_submission_public,
        is_restricted_to_select_one_submission=spec.is_restricted_to_select_one_submission,
        is_submission_paused=spec.is_submission_paused,
        disable_logs=spec.disable_logs,
        max_submissions_per_day=spec.max_submissions_per_day,
        max_submissions_per_month=spec.max_submissions_per_month,
        max_submissions=spec.max_submissions,
        max_concurrent_submissions_allowed=spec.max_concurrent_submissions_allowed,
        allowed_submission_file_types=list(spec.allowed_submission_file_types),
        allowed_email_ids=list(spec.allowed_email_ids),
        submission_meta_attributes=[_attribute(it) for it in spec.submission_meta_attributes],
        default_submission_meta_attributes=[_attribute(it) for it in spec.default_submission_meta_attributes],
        annotation_name=Path(spec.test_annotation_file).name if spec.test_annotation_file else None,
        annotation_key=annotation.key if annotation else None,
        annotation_sha256=annotation.sha256 if annotation else None,
    )


def _attribute(spec: MetaAttribute) -> dict[str, object]:
    return {
        "name": spec.name,
        "description": spec.description,
        "type": spec.type,
        "options": list(spec.options),
        "required": spec.required,
        "is_visible": spec.is_visible,
    }


def _leaderboard(challenge: Challenge, spec: LeaderboardSpec) -> Leaderboard:
    return Leaderboard(
        challenge_id=challenge.id,
        config_id=str(spec.id),
        labels=list(spec.labels),
        default_order_by=spec.default_order_by,
        metrics={
            label: {"sort_ascending": metric.sort_ascending, "description": metric.description}
            for label, metric in spec.metadata.items()
        },
    )


def _phase_split(spec: ChallengeSpec, it: PhaseSplitSpec, position: int) -> PhaseSplit:
    labels = spec.board(it.leaderboard_id).labels
    return PhaseSplit(
        position=position,
        visibility=it.visibility,
        decimals=it.leaderboard_decimal_precision,
        descending={label: spec.descending_for(it, label) for label in labels},
        show_execution_time=it.show_execution_time,
        by_latest=it.show_leaderboard_by_latest_submission,
    )
