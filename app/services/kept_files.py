"""The files of a bundle that lie in the store before the rows that name them, and the row of its version."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app.bundles.check import CheckedBundle
from app.bundles.problems import Problem
from app.bundles.samples import samples_for
from app.bundles.spec import ChallengeSpec
from app.bundles.spec_json import encode
from app.extensions import store
from app.models.accounts import Account
from app.models.versions import BundleVersion
from app.queries.trials import KnownFile
from app.rules.names import safe_file_name
from app.services import assets
from app.storage import StoredFile


@dataclass
class KeptFiles:
    """Everything a version needs of a sound bundle but the zip itself; `samples` are files to try it with, by phase."""

    spec: ChallengeSpec
    root: Path
    package_key: str
    annotations: dict[str, StoredFile] = field(default_factory=dict)
    assets: dict[str, StoredFile] = field(default_factory=dict)
    samples: dict[str, KnownFile] = field(default_factory=dict)
    logo: StoredFile | None = None
    # beside annotations, where no file is ever shared
    others: dict[str, StoredFile] = field(default_factory=dict)

    def _sample(self, path: str) -> KnownFile:
        file = self.assets.get(path) or self.others.get(path)
        if file is None:
            file = self.others[path] = store.keep_copy(self.root / path)
        return KnownFile(ref="", key=file.key, name=path, size=file.size, is_sample=True)

    def take(self, checked: CheckedBundle) -> None:
        """Copy every file into the store."""
        for phase in self.spec.challenge_phases:
            path = phase.test_annotation_file
            if path is not None and path not in self.annotations:
                self.annotations[path] = store.keep_copy(self.root / path)
        if self.spec.image is not None:
            self.logo = store.keep_copy(self.root / self.spec.image.path)
        for path in assets.candidates(self.spec, checked.files):
            self.assets[path] = store.keep_copy(self.root / path)
        first = samples_for(self.spec.challenge_phases, checked.samples)
        self.samples = {codename: self._sample(path) for codename, path in first.items()}

    def discard(self) -> None:
        """Delete everything again."""
        for file in (self.logo, *self.annotations.values(), *self.assets.values(), *self.others.values()):
            if file is not None:
                store.discard(file.key)
        store.discard_package(self.package_key)

    @property
    def logo_key(self) -> str | None:
        """The key of the logo, where there is one."""
        return self.logo.key if self.logo else None

    def version(
        self, checked: CheckedBundle, bundle: StoredFile, *, file_name: str, by: Account, now: datetime
    ) -> BundleVersion:
        """Return the row of a version of these files; its challenge, number and state are the caller's to set."""
        return BundleVersion(
            file_name=safe_file_name(file_name),
            file_key=bundle.key,
            size=bundle.size,
            sha256=bundle.sha256,
            package_key=self.package_key,
            files=[{"path": file.path, "size": file.size} for file in checked.files],
            notes=[_note(problem) for problem in checked.problems],
            needs=[need.to_json() for need in checked.needs],
            spec=encode(self.spec),
            annotations={path: asdict(file) for path, file in self.annotations.items()},
            logo_key=self.logo_key,
            uploaded_by_id=by.id,
            uploaded_at=now,
        )


@contextmanager
def kept(checked: CheckedBundle) -> Iterator[KeptFiles]:
    """Hold the files of a sound bundle in the store; they are discarded when the block fails."""
    if checked.spec is None or checked.root is None or checked.script_folder is None:
        raise ValueError("a bundle with errors must not be imported")
    files = KeptFiles(checked.spec, checked.root, store.keep_package(checked.script_folder))
    try:
        files.take(checked)
        yield files
    except BaseException:
        files.discard()
        raise


@contextmanager
def kept_copy(path: Path) -> Iterator[StoredFile]:
    """Hold a copy of a file in the store; it is discarded when the block fails."""
    file = store.keep_copy(path)
    with named_or_discarded(file):
        yield file


@contextmanager
def named_or_discarded(*files: StoredFile) -> Iterator[None]:
    """Discard files of the store when the block fails: then no row was committed that names them."""
    try:
        yield
    except BaseException:
        for file in files:
            store.discard(file.key)
        raise


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
