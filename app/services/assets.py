"""Files of a bundle that participants may get: chosen by the host, never the annotations or the script."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from app.bundles.folder import BundleFile
from app.bundles.images import read_header
from app.bundles.spec import ChallengeSpec, Page
from app.extensions import writing
from app.models.accounts import Account
from app.models.versions import BundleAsset
from app.services import audit
from app.storage import StoredFile

_IMAGE = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*["']([^"'>]+)["']""", re.IGNORECASE)
_NEVER = (".yaml", ".yml", ".py", ".pyc", ".sh")


def candidates(spec: ChallengeSpec, files: Iterable[BundleFile]) -> list[str]:
    """Return the paths that a host may share: not the configuration, the pages, the script or an annotation.

    Whatever lies in the folder of an annotation is left out too: it is where hosts keep labels.
    """
    secret = {phase.test_annotation_file for phase in spec.challenge_phases if phase.test_annotation_file}
    secret_folders = {str(Path(path).parent) for path in secret} - {"."}
    pages = {page.path for page in _pages(spec)}
    script = spec.evaluation_script.removesuffix(".zip").rstrip("/")
    return [
        file.path
        for file in files
        if file.path not in secret | pages
        and str(Path(file.path).parent) not in secret_folders
        and f"/{script}/" not in f"/{file.path}"
        and not f"/{file.path}".endswith(f"/{script}.zip")
        and not file.path.lower().endswith(_NEVER)
    ]


def rows(spec: ChallengeSpec, kept: Mapping[str, StoredFile], *, root: Path, version_id: int) -> list[BundleAsset]:
    """Return a row for each kept file; pictures that the pages show are shared from the start."""
    shown = {path for page in _pages(spec) for path in _pictures(page.path, page.html)}
    made = []
    for path, file in kept.items():
        image_type = _image_type(root / path) if path in shown else None
        made.append(
            BundleAsset(
                version_id=version_id,
                path=path,
                file_key=file.key,
                size=file.size,
                sha256=file.sha256,
                image_type=image_type,
                is_shared=image_type is not None,
            )
        )
    return made


def share(asset: BundleAsset, *, shared: bool, by: Account | None, now: datetime) -> None:
    """Let participants download a file of the bundle, or stop doing so."""
    with writing() as session:
        asset.is_shared = shared
        audit.record(
            session,
            by=by,
            action="file.shared" if shared else "file.withheld",
            subject=f"{asset.version.challenge.slug}: {asset.path}",
            details={"sha256": asset.sha256},
            now=now,
        )


def _pages(spec: ChallengeSpec) -> list[Page]:
    fixed = [spec.description, spec.evaluation_details, spec.terms_and_conditions, spec.submission_guidelines]
    return [*fixed, *(phase.description for phase in spec.challenge_phases)]


def _pictures(page: str, html: str) -> set[str]:
    """Return the bundle paths of the pictures a page shows, read from the page's folder and from the bundle's root.

    EvalAI's documents promise the first; hosts write the second just as often.
    """
    found = set()
    for source in _IMAGE.findall(html):
        path = unquote(unescape(source)).removeprefix("./")
        found |= {path, str(Path(page).parent / path)}
    return found


def _image_type(path: Path) -> str | None:
    with path.open("rb") as file:
        header = read_header(file)
    return header.media_type if header else None
