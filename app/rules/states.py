"""The states things can be in, the moves between them, and their names for people."""

from enum import IntEnum, StrEnum

from app.rules.errors import N_


class SubmissionStatus(StrEnum):
    """Where a submission stands; `label` is for people."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    # the row stays for the count and the record; file, scores, logs and words are gone
    DELETED = "deleted"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen any more by itself."""
        return self not in OPEN

    @property
    def label(self) -> str:
        return SUBMISSION_LABELS[self]


OPEN = frozenset({SubmissionStatus.QUEUED, SubmissionStatus.RUNNING})

MOVES: dict[SubmissionStatus, frozenset[SubmissionStatus]] = {
    SubmissionStatus.QUEUED: frozenset({SubmissionStatus.RUNNING, SubmissionStatus.CANCELLED, SubmissionStatus.FAILED}),
    SubmissionStatus.RUNNING: frozenset(
        {
            SubmissionStatus.FINISHED,
            SubmissionStatus.FAILED,
            SubmissionStatus.QUEUED,
            SubmissionStatus.CANCELLED,
        }
    ),
    SubmissionStatus.FINISHED: frozenset({SubmissionStatus.DELETED}),
    SubmissionStatus.FAILED: frozenset({SubmissionStatus.DELETED}),
    SubmissionStatus.CANCELLED: frozenset({SubmissionStatus.DELETED}),
    SubmissionStatus.DELETED: frozenset(),
}

# from where a host may have a submission evaluated again; apart from MOVES, for a worker that gives a run back must
# never reach what is over
RERUN_FROM = frozenset({SubmissionStatus.FINISHED, SubmissionStatus.FAILED})

SUBMISSION_LABELS = {
    SubmissionStatus.QUEUED: N_("Queued"),
    SubmissionStatus.RUNNING: N_("Running"),
    SubmissionStatus.FINISHED: N_("Finished"),
    SubmissionStatus.FAILED: N_("Failed"),
    SubmissionStatus.CANCELLED: N_("Cancelled"),
    SubmissionStatus.DELETED: N_("Deleted"),
}


def sources_of(status: SubmissionStatus) -> frozenset[SubmissionStatus]:
    """Return the states from which a submission may come into `status`."""
    return frozenset(source for source, targets in MOVES.items() if status in targets)


class VersionStatus(StrEnum):
    """Where an uploaded version of a challenge stands with the admin."""

    WAITING = "waiting"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        return VERSION_LABELS[self]


VERSION_LABELS = {
    VersionStatus.WAITING: N_("Waiting for approval"),
    VersionStatus.APPROVED: N_("Approved"),
    VersionStatus.WITHDRAWN: N_("Approval withdrawn"),
    VersionStatus.REJECTED: N_("Rejected"),
    VersionStatus.TAKEN_BACK: N_("Withdrawn by the host"),
    VersionStatus.REPLACED: N_("Replaced before it was approved"),
}


class TeamStatus(StrEnum):
    """Where a team stands in its challenge; only an active one submits and is ranked."""

    ACTIVE = "active"
    WAITING = "waiting"
    REFUSED = "refused"
    BANNED = "banned"
    WITHDRAWN = "withdrawn"
    # its members and submissions went to another team
    MERGED = "merged"

    @property
    def label(self) -> str:
        return TEAM_LABELS[self]


TEAM_LABELS = {
    TeamStatus.ACTIVE: N_("Taking part"),
    TeamStatus.WAITING: N_("Waiting for approval"),
    TeamStatus.REFUSED: N_("Refused"),
    TeamStatus.BANNED: N_("Banned"),
    TeamStatus.WITHDRAWN: N_("Withdrawn"),
    TeamStatus.MERGED: N_("Merged"),
}


class RequestStatus(StrEnum):
    """Where somebody's asking stands: an invitation into a team, or for two teams to become one."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


class Visibility(IntEnum):
    """Who sees the board of a phase split; the numbers are EvalAI's."""

    HOST = 1
    OWNER_AND_HOST = 2
    EVERYBODY = 3


class SignUpPolicy(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    DOMAINS = "domains"
    INVITATION = "invitation"


class HostingPolicy(StrEnum):
    """Who may host a challenge."""

    EVERYBODY = "everybody"
    NAMED = "named"
