"""What a host allows beyond the bundle: where days begin, files after the end, a phase's own size."""

from datetime import datetime

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge, Phase
from app.rules.errors import N_, Invalid
from app.rules.zones import is_zone
from app.services import audit


def set_zone(challenge: Challenge, *, zone: str | None, by: Account, now: datetime) -> None:
    """Count the days of a challenge's limits in a zone of its own (an IANA name), or in the server's (None).

    It holds for the next file; what was sent is counted by the moment it came. Raises Invalid for no zone.
    """
    if zone is not None and not is_zone(zone):
        raise Invalid(N_("There is no time zone %(zone)s."), "timezone", zone=zone[:80])
    with writing() as session:
        before, challenge.timezone = challenge.timezone, zone
        details = {"before": before, "after": zone}
        audit.record(session, by=by, action="challenge.zone", subject=challenge.slug, details=details, now=now)


def set_phase(phase: Phase, *, accepts_late: bool, max_file_bytes: int | None, by: Account, now: datetime) -> None:
    """Accept files after the end of a phase or not, and files up to a size of its own (None: the server's)."""
    with writing() as session:
        before = {"late": phase.accepts_late, "bytes": phase.max_file_bytes}
        phase.accepts_late, phase.max_file_bytes = accepts_late, max_file_bytes
        after = {"late": accepts_late, "bytes": max_file_bytes}
        subject = f"{phase.challenge.slug}/{phase.codename}"
        details = {"before": before, "after": after}
        audit.record(session, by=by, action="phase.allowance", subject=subject, details=details, now=now)
