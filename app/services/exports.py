"""A challenge as a bundle again, whichever way it came here and whatever its hosts edited since."""

from pathlib import Path

from app.bundles.packing import pack
from app.bundles.spec import ChallengeSpec
from app.extensions import store
from app.models.challenges import Challenge
from app.queries import challenges
from app.queries.current import current_spec
from app.rules.errors import N_, Conflict


def export_bundle(challenge: Challenge, *, into: Path) -> None:
    """Write the challenge as it stands now to the new file `into`, as a zip that EvalAI and this server import.

    Conflict when a file of it is missing from the store.
    """
    spec = current_spec(challenge)
    files = {path: store.path(key) for path, key in _keys(challenge, spec).items()}
    script = store.package(challenge.version.package_key) if challenge.version else None
    missing = sorted(path for path, source in files.items() if not source.is_file())
    if missing:
        raise Conflict(N_("The file `%(path)s` is missing from this server's data."), path=missing[0])
    pack(spec, files, script=script, into=into)


def _keys(challenge: Challenge, spec: ChallengeSpec) -> dict[str, str]:
    """Return the store's key of every file of the challenge's bundle, by path: annotations, logo, further files."""
    version = challenge.version
    if version is None:
        return {}
    found = {asset.path: asset.file_key for asset in challenges.assets(version.id)}
    for phase, row in zip(spec.challenge_phases, challenge.phases, strict=True):
        path = phase.test_annotation_file or ""
        key = version.annotations.get(path, {}).get("key", row.annotation_key)
        if path and key:
            found[path] = key
    if spec.image is not None and challenge.logo is not None:
        found[spec.image.path] = challenge.logo
    return found
