"""The files of an opened bundle, found by the names a configuration gives them."""

import difflib
import posixpath
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from app.bundles.problems import Problem

_ADDRESS = re.compile(r"(?i)^(https?:)?//|^(https?|ftp|s3|gs):")


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of the bundle: its path with `/` from the root of the bundle, and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class BundleFiles:
    """An opened bundle: where it lies, what it holds, what was left out, and what there is to say about it."""

    root: Path
    files: tuple[BundleFile, ...]
    skipped: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def on_disk(self, path: str) -> Path:
        """Return where a file of this bundle lies."""
        return self.root / path

    def size_of(self, path: str) -> int:
        """Return the size of a file in bytes; KeyError when the bundle has no such file."""
        return {file.path: file.size for file in self.files}[path]


@dataclass(frozen=True, slots=True)
class Named:
    """What a name in the configuration stands for: a file, a folder, or nothing (then perhaps a similar name)."""

    wanted: str
    file: str | None = None
    folder: str | None = None
    similar: str | None = None
    is_address: bool = False
    leaves_bundle: bool = False


class Folder:
    """Looks up names relative to the folder in which the configuration lies."""

    def __init__(self, files: BundleFiles, base: str = "") -> None:
        self.files = files
        self.base = base
        self.paths = {file.path: file for file in files.files}
        self.folders = {parent for path in self.paths for parent in _parents(path)}
        self._guesses = 50  # each compares with many names
        self._loose = {_loose(path): path for path in sorted(self.paths, reverse=True)}

    def look_up(self, name: str) -> Named:
        """Find a name as written, else the same name in another case or another Unicode form."""
        if _ADDRESS.match(name):
            return Named(name, is_address=True)
        cleaned = name.replace("\\", "/")
        wanted = posixpath.normpath(posixpath.join(self.base, cleaned.lstrip("/")))
        if cleaned.startswith("../") or wanted == ".." or wanted.startswith("../"):
            return Named(name, leaves_bundle=True)
        found = wanted if wanted in self.paths else self._loose.get(_loose(wanted))
        if found:
            return Named(wanted, file=found)
        if wanted in self.folders:
            return Named(wanted, folder=wanted)
        return Named(wanted, similar=self._similar(wanted))

    def _similar(self, wanted: str) -> str | None:
        self._guesses -= 1
        if self._guesses < 0:
            return None
        same_name = [path for path in self.paths if posixpath.basename(path) == posixpath.basename(wanted)]
        if same_name:
            return min(same_name, key=len)
        near = difflib.get_close_matches(wanted, list(self.paths)[:2_000], n=1, cutoff=0.75)
        return near[0] if near else None


def _parents(path: str) -> list[str]:
    steps = path.split("/")[:-1]
    return ["/".join(steps[: length + 1]) for length in range(len(steps))]


def _loose(path: str) -> str:
    steps = unicodedata.normalize("NFC", path).casefold().split("/")
    return "/".join(step.strip() for step in steps)
