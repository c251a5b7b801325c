"""The example challenges that ship with the product, brought in like any host's bundle."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.bundles.check import check
from app.extensions import store
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.queries import challenges as challenge_queries
from app.rules.errors import NotFound
from app.services import assets, bundles, challenges
from examples.build import EXAMPLES, NAMES, bundle


def install(*, host: Account, now: datetime, names: Sequence[str] = NAMES) -> list[Challenge]:
    """Import, approve and publish the examples under this host; one transaction for each."""
    return [_install(name, host=host, now=now) for name in names]


def bundle_of(name: str) -> bytes:
    """Return the zip of an example as a host would upload it. Raises NotFound."""
    if name not in NAMES:
        raise NotFound
    return bundle(EXAMPLES / name)


def _install(name: str, *, host: Account, now: datetime) -> Challenge:
    with tempfile.TemporaryDirectory(dir=store.parts) as folder:
        path = Path(folder) / f"{name}.zip"
        path.write_bytes(bundle(EXAMPLES / name))
        checked = check(path, work_dir=Path(folder) / "work", default_zone="UTC")
        challenge = bundles.import_bundle(checked, zip_path=path, file_name=path.name, by=host, now=now)
    for asset in challenge_queries.assets(challenge.version_id or 0):
        if asset.path.startswith(("data/", "sample_submission")):
            assets.share(asset, shared=True, by=host, now=now)
    challenges.approve_from_console(challenge, now=now)
    return challenge
