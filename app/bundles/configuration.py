"""Which file of a bundle is its configuration."""

import re

from app.bundles.folder import BundleFile, BundleFiles
from app.bundles.problems import BundleRefused, Problem, error
from app.rules.errors import N_

USUAL_NAMES = ("challenge_config.yaml", "challenge_config.yml")
_KEYS = re.compile(rb"(?m)^['\"]?(challenge_phases|evaluation_script|leaderboard|dataset_splits)['\"]?\s*:")
_PROBED = 256 * 1024


def find_configuration(files: BundleFiles) -> str:
    """Return the path of the configuration: `challenge_config.yaml` nearest the root, else the one sensible YAML.

    Raises BundleRefused when there is none, or when nothing tells which of several is meant.
    """
    found = [file for file in files.files if file.path.lower().endswith((".yaml", ".yml"))]
    if not found:
        raise BundleRefused(
            [
                error(
                    N_("There is no configuration in the bundle."),
                    N_("Put a file named challenge_config.yaml at the top of the zip."),
                )
            ]
        )
    for candidates in (_named(found), _sensible(files, found), found):
        nearest = _nearest(candidates)
        if len(nearest) == 1:
            return nearest[0].path
        if nearest:
            raise BundleRefused([_several(nearest)])
    raise BundleRefused([_several(found)])


def _named(found: list[BundleFile]) -> list[BundleFile]:
    return [file for file in found if file.path.rpartition("/")[2].lower() in USUAL_NAMES]


def _sensible(files: BundleFiles, found: list[BundleFile]) -> list[BundleFile]:
    return [file for file in found if _looks_like_a_challenge(files, file)]


def _looks_like_a_challenge(files: BundleFiles, file: BundleFile) -> bool:
    with files.on_disk(file.path).open("rb") as stream:
        return len(set(_KEYS.findall(stream.read(_PROBED)))) > 1


def _nearest(candidates: list[BundleFile]) -> list[BundleFile]:
    depths = [file.path.count("/") for file in candidates]
    return [file for file, depth in zip(candidates, depths, strict=True) if depth == min(depths)]


def _several(files: list[BundleFile]) -> Problem:
    return error(
        N_("Several files could be the configuration: %(names)s."),
        N_("Keep one, named challenge_config.yaml, at the top of the zip."),
        names=", ".join(file.path for file in files[:10]),
    )
