"""What people do with a submission: send it, take it out while it waits or runs, show it on the board or not."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from app.extensions import store, writing
from app.models.accounts import Account
from app.models.base import table_of
from app.models.challenges import Phase
from app.models.submissions import Submission
from app.queries import challenges, quotas, submissions
from app.rules import causes
from app.rules.errors import N_, Conflict, NotAllowed
from app.rules.failures import FailureCode
from app.rules.files import check_beginning, check_file
from app.rules.names import safe_file_name
from app.rules.permissions import Standpoint, is_late
from app.rules.states import SubmissionStatus
from app.services import admission, boards, reruns
from app.services.moves import move, note
from app.storage import IncomingFile, StoredFile

# written once, and not by way of an object: both take longer than running it
_KEEP = insert(table_of(Submission)).returning(table_of(Submission).c.id)


@dataclass(frozen=True, kw_only=True)
class Method:
    """What a participant says about a submission besides the file."""

    name: str = ""
    description: str = ""
    project_url: str = ""
    publication_url: str = ""
    attributes: list[dict[str, Any]] = field(default_factory=list)


def submit(
    phase: Phase,
    *,
    by: Account,
    file: IncomingFile | StoredFile,
    file_name: str,
    form_key: str,
    method: Method,
    show_on_board: bool | None,
    now: datetime,
    zone: ZoneInfo,
    again: bool = False,
) -> int:
    """Accept a file for a phase, queue it and return the submission's id; the same form sent twice gives the first one.

    `file` is one that was received, or one of the team's that is sent once more. `zone` is the server's. Raises
    NotAllowed when the phase takes nothing from this person, Invalid for the file, TooMany when the quota is used up,
    SentBefore, unless sent `again`, for the bytes of an earlier submission. The file is kept only with its row.
    """
    _check_file(phase, file, name=file_name)
    phase_id, keeping, own_key = phase.id, store.begin_keep(file), _own_key(form_key, by)
    committed = False
    try:
        with writing() as session:
            # phase and challenge as they are under the lock, by one statement
            challenges.phase(phase_id)
            earlier_id = submissions.id_by_form_key(own_key)
            if earlier_id is not None:
                return earlier_id
            row = _admitted(phase, by=by, sha256="" if again else file.sha256, wish=show_on_board, now=now, zone=zone)
            row |= _described(keeping.stored, name=file_name, method=method)
            submission_id: int = session.execute(_KEEP, row | {"form_key": own_key}).scalar_one()
            note(session, submission_id, SubmissionStatus.QUEUED, cause=causes.RECEIVED, now=now)
            # a row whose file a power cut could take must not be committed
            keeping.finish()
        committed = True
    finally:
        if not committed:
            keeping.undo()
    return submission_id


def _admitted(
    phase: Phase, *, by: Account, sha256: str, wish: bool | None, now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """Return the row of a file the phase takes now: whose it is and which number it gets are settled under the lock."""
    person = challenges.standpoint(phase.challenge_id, by)
    team_id = admission.submitting_team(phase, person=person, by=by, now=now)
    found = quotas.situation(phase, team_id, account_id=by.id, now=now, zone=zone, sha256=sha256)
    admission.check_new(found)
    if not person.is_host:
        admission.check_quota(found, phase, team_id=team_id, by=by, now=now)
    late = is_late(person, end=admission.end_of(phase), now=now)
    return {
        "phase_id": phase.id,
        "team_id": team_id,
        "account_id": by.id,
        "version_id": phase.challenge.version_id,
        "number": found.next_number,
        "is_late": late,
        "on_board": not late and admission.starts_on_board(phase, wish=wish),
        "submitted_at": now,
    }


def _check_file(phase: Phase, file: IncomingFile | StoredFile, *, name: str) -> None:
    kinds = phase.allowed_submission_file_types
    check_file(kinds, name=name, size=file.size, most=phase.max_file_bytes)
    if isinstance(file, IncomingFile):
        check_beginning(kinds, name=name, head=file.head)


def _described(kept: StoredFile, *, name: str, method: Method) -> dict[str, Any]:
    """Return what the row says of the file and of what made it."""
    return {
        "file_name": safe_file_name(name),
        "file_key": kept.key,
        "size": kept.size,
        "sha256": kept.sha256,
        "method_name": method.name,
        "method_description": method.description,
        "project_url": method.project_url,
        "publication_url": method.publication_url,
        "attributes": method.attributes,
    }


def _own_key(form_key: str, by: Account) -> str:
    # bound to the person, so that nobody can meet another's submission by guessing a key
    return hashlib.sha256(f"{by.id}|{form_key}".encode()).hexdigest()


def cancel(submission: Submission, *, by: Account | None = None, runs_it: bool = False, now: datetime) -> None:
    """Take a waiting or running submission out; one that is evaluated again goes back to its earlier outcome.

    Raises Conflict when it is over already, NotAllowed where only the host may stop what the host began.
    """
    with writing() as session:
        if submission.rerun_at is not None:
            if not runs_it:
                raise NotAllowed(N_("The host is having it evaluated again. Until then its earlier score counts."))
            if not reruns.undo(session, submission.id, by=by, now=now):
                raise Conflict(N_("The evaluation of this submission has already ended."))
            return
        over: dict[str, Any] = {
            "failure": FailureCode.CANCELLED,
            "completed_at": now,
            "worker": None,
            "lease_until": None,
        }
        status = SubmissionStatus.CANCELLED
        if not move(session, submission.id, status, cause=causes.CANCELLED, now=now, by=by, **over):
            raise Conflict(N_("The evaluation of this submission has already ended."))
        session.expire_all()


def show_on_board(submission: Submission, *, shown: bool, person: Standpoint) -> None:
    """Put a submission on the board or take it off; raises NotAllowed where the phase does not leave the choice."""
    with writing() as session:
        phase = submission.phase
        if not phase.leaderboard_public and not person.runs_it:
            raise NotAllowed(N_("The host decides what this phase's leaderboard shows."))
        if submission.is_late and shown:
            raise NotAllowed(N_("This submission came after the end, so it is never ranked."))
        submission.on_board = shown
        boards.keep_one(session, submission)
        boards.refresh_team(session, phase, submission.team_id)
