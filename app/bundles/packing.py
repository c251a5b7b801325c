"""A challenge as the zip that EvalAI wants: configuration, pages, annotations, script, logo, further files."""

import posixpath
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.bundles.spec import ChallengeSpec
from app.bundles.writer import page_bytes, pages_of, write_configuration
from app.bundles.zip_listing import ArchiveLimits

CONFIGURATION = "challenge_config.yaml"
_USUAL_SCRIPT = "evaluation_script.zip"
_CHUNK = 1024 * 1024
_FILE = 0o100644 << 16
_PACKED = (".zip", ".gz", ".bz2", ".xz", ".7z", ".png", ".jpg", ".jpeg", ".npz", ".parquet", ".mp4")


def pack(spec: ChallengeSpec, files: Mapping[str, Path], *, script: Path | None, into: Path) -> None:
    """Write the bundle of a challenge to the new file `into`.

    `files` are all files but configuration, pages and script: where they lie by their path in the bundle; `script`
    is the folder of the unpacked script. Equal challenges give equal bytes. Memory does not depend on the sizes.
    """
    pages = pages_of(spec)
    with zipfile.ZipFile(into, "w") as archive:
        _add_bytes(archive, CONFIGURATION, write_configuration(spec))
        for path, page in sorted(pages.items()):
            _add_bytes(archive, path, page_bytes(page))
        if script is not None:
            _add_script(archive, script_path(spec), script)
        for path, source in sorted(files.items()):
            if path not in pages:
                _add_file(archive, path, source)


def script_path(spec: ChallengeSpec) -> str:
    """Return where in the bundle the zip of the script lies: by its name where that is one, else the usual place."""
    name = posixpath.normpath(spec.evaluation_script.replace("\\", "/").strip("/"))
    if name in {"", "."} or name.startswith("..") or re.match(r"\w+:", name):
        return _USUAL_SCRIPT
    return name if name.lower().endswith(".zip") else f"{name}.zip"


def _add_script(archive: zipfile.ZipFile, path: str, folder: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=Path(str(archive.filename)).parent, suffix=".part") as inner:
        with zipfile.ZipFile(inner, "w") as packed:
            for name, source in _files_below(folder):
                _add_file(packed, name, source)
        inner.flush()
        _add_file(archive, path, Path(inner.name))


def _files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    for source in sorted(folder.rglob("*")):
        if source.is_file():
            yield source.relative_to(folder).as_posix(), source


def _add_bytes(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    archive.writestr(_entry(path, zipfile.ZIP_DEFLATED), content)


def _add_file(archive: zipfile.ZipFile, path: str, source: Path) -> None:
    method = zipfile.ZIP_DEFLATED if _gains(path, source) else zipfile.ZIP_STORED
    entry = _entry(path, method)
    entry.file_size = source.stat().st_size
    with source.open("rb") as file, archive.open(entry, "w") as out:
        shutil.copyfileobj(file, out, _CHUNK)


def _entry(path: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path)  # of 1980, so that equal challenges give equal bytes
    entry.compress_type, entry.external_attr, entry.create_system = method, _FILE, 3
    return entry


def _gains(path: str, source: Path) -> bool:
    """Tell whether a file is worth packing, and not so uniform that the import would take it for a zip bomb."""
    if path.lower().endswith(_PACKED):
        return False
    limits, size = ArchiveLimits(), source.stat().st_size
    return size <= limits.ratio_from or size < limits.ratio * _deflated(source)


def _deflated(source: Path) -> int:
    packer, size = zlib.compressobj(wbits=-zlib.MAX_WBITS), 0
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(packer.compress(chunk))
    return size + len(packer.flush())
