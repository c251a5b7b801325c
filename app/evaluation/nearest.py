"""Which requirements cannot be had, and the nearest version of each that can."""

import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import InvalidVersion, Version

from app.evaluation.installer import PackageSource, environment, versions_command

_LISTED = re.compile(r"\(from versions: ([^)]*)\)")
# what pip says before it takes an index that does not answer for an empty one
_UNANSWERED = ("connection broken", "Could not fetch URL")
_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Unavailable:
    """A requirement that no wheel meets; `nearest` is empty where there is nothing of that name."""

    name: str
    asked: str
    nearest: str


def unavailable(requirements: str, *, source: PackageSource, folder: Path, until: float) -> tuple[Unavailable, ...]:
    """Ask the source about every requirement, until a moment of the monotonic clock; what is not asked is left out."""
    found: list[Unavailable] = []
    for line in requirements.splitlines():
        if time.monotonic() > until:
            break
        asked = Requirement(line)
        if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
            continue
        versions = _versions(asked.name, source=source, folder=folder)
        if versions is not None and not any(asked.specifier.contains(it, prereleases=True) for it in versions):
            near = nearest(asked, versions)
            found.append(Unavailable(name=asked.name, asked=str(asked.specifier), nearest=str(near or "")))
    return tuple(found)


def nearest(asked: Requirement, versions: Sequence[Version]) -> Version | None:
    """Return the first version above the one that is asked for, else the last one below it."""
    wanted, versions = _wanted(asked), [it for it in versions if not it.is_prerelease] or versions
    if wanted is None or not versions:
        return max(versions, default=None)
    above = [it for it in versions if it >= wanted]
    return min(above) if above else max(versions)


def _wanted(asked: Requirement) -> Version | None:
    for specifier in sorted(asked.specifier, key=lambda it: it.operator != "=="):
        try:
            return Version(specifier.version.removesuffix(".*"))
        except InvalidVersion:
            continue
    return None


def _versions(name: str, *, source: PackageSource, folder: Path) -> list[Version] | None:
    """List the versions that can be had; none for an unknown name, None when nobody answered."""
    try:
        asked = subprocess.run(  # noqa: S603 - our own pip; the name was read as one
            versions_command(name, source=source, folder=folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment(source, scratch=folder),
            cwd=folder,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    listed = _LISTED.search(asked.stderr)
    if listed is None or any(it in asked.stderr for it in _UNANSWERED):
        return None
    return [] if listed[1] == "none" else _read(listed[1].split(","))


def _read(texts: Sequence[str]) -> list[Version]:
    versions: list[Version] = []
    for text in texts:
        try:
            versions.append(Version(text.strip()))
        except InvalidVersion:
            continue
    return versions
