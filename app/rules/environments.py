"""Environments of packages: where a build stands, and why one comes to nothing."""

from enum import StrEnum

from app.rules.errors import N_


class EnvironmentStatus(StrEnum):
    """Where an environment stands; `label` is for people."""

    WAITING = "waiting"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen any more by itself."""
        return self in {EnvironmentStatus.READY, EnvironmentStatus.FAILED}

    @property
    def label(self) -> str:
        return STATUS_LABELS[self]


STATUS_LABELS = {
    EnvironmentStatus.WAITING: N_("Waiting to be built"),
    EnvironmentStatus.BUILDING: N_("Being built"),
    EnvironmentStatus.READY: N_("Ready"),
    EnvironmentStatus.FAILED: N_("Could not be built"),
}


class BuildFailure(StrEnum):
    """Why an environment could not be built; `label` is the sentence for the administrator."""

    NO_SOURCE = "no_source"
    UNAVAILABLE = "unavailable"
    INSTALLER = "installer"
    TIME = "time"
    SPACE = "space"
    SIZE = "size"
    OURS = "ours"

    @property
    def label(self) -> str:
        return FAILURE_LABELS[self]


FAILURE_LABELS = {
    BuildFailure.NO_SOURCE: N_(
        "This server does not know where to take packages from. Set `SHIAI_PACKAGE_INDEX` to the address of a package "
        "index, or `SHIAI_PACKAGE_FOLDER` to a folder of wheels, and restart Shiai."
    ),
    BuildFailure.UNAVAILABLE: N_("Some packages are not available in the requested version."),
    BuildFailure.INSTALLER: N_("The packages could not be installed. The log says why."),
    BuildFailure.TIME: N_("The build took longer than `SHIAI_BUILD_SECONDS` allows and was stopped."),
    BuildFailure.SPACE: N_("The disk was almost full and the build was stopped."),
    BuildFailure.SIZE: N_("The environment got larger than `SHIAI_ENVIRONMENT_MB` allows."),
    BuildFailure.OURS: N_("The build was interrupted too often."),
}
