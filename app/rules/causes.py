"""Why a submission changed its state: the codes that the rows keep, and their words for people."""

from app.rules.errors import N_

RECEIVED = "received"
STARTED = "started"
EVALUATED = "evaluated"
CANCELLED = "cancelled"
RERUN = "rerun"
RERUN_FAILED = "rerun_failed"
RERUN_CANCELLED = "rerun_cancelled"
DELETED = "deleted"
PHASE_REMOVED = "phase removed"
VERSION_CHANGED = "version"
STOPPED_ANSWERING = N_("its worker stopped answering")
STOPPED = N_("its worker was stopped")
ASKED_TO_STOP = N_("the worker was asked to stop")

# None: the state itself says all
LABELS: dict[str, str | None] = {
    RECEIVED: None,
    STARTED: None,
    EVALUATED: None,
    CANCELLED: None,
    DELETED: None,
    PHASE_REMOVED: N_("its phase is no longer part of the challenge"),
    VERSION_CHANGED: N_("another version of the challenge went live just then"),
    RERUN: N_("to be evaluated again"),
    RERUN_FAILED: N_("the new evaluation failed, so the earlier score is kept"),
    RERUN_CANCELLED: N_("the new evaluation was cancelled, so the earlier outcome is kept"),
    STOPPED_ANSWERING: STOPPED_ANSWERING,
    STOPPED: STOPPED,
    ASKED_TO_STOP: ASKED_TO_STOP,
}
# what else stands in a row is a worker's own words about its walls, which are for the administrator
ELSE = N_("evaluations were held back on this server")


def cause_label(cause: str) -> str | None:
    """Return the words for a cause; None where the state says enough."""
    return LABELS.get(cause, ELSE)
