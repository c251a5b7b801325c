"""Which environment a version is evaluated in, asked before each evaluation and trial."""

from pathlib import Path

from app.evaluation.isolation import NotIsolated
from app.evaluation.outcome import Failed
from app.extensions import store
from app.models.versions import BundleVersion
from app.rules.environments import EnvironmentStatus
from app.rules.errors import N_
from app.rules.failures import FailureCode
from app.rules.sentences import sentence


def environment_of(version: BundleVersion) -> Path | Failed | None:
    """Return the folder of the environment that a version is evaluated in; None for the server's own packages.

    While one that scores were made in is being built again they wait, as scores are to stay comparable (raises
    NotIsolated); when that has failed, nothing is waited for any more.
    """
    environment = version.environment
    if environment is None or environment.built_at is None:
        return None
    if environment.failure is not None and environment.status is EnvironmentStatus.FAILED:
        said = N_("The environment of this version could not be built again. %(reason)s")
        return Failed(
            code=FailureCode.ENVIRONMENT, explanation=sentence(said, reason=sentence(environment.failure.label))
        )
    if not environment.is_usable:
        raise NotIsolated("The environment of this version is being built again.")
    return store.environment(environment.key)
