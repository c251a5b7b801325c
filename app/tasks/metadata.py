"""The submission metadata that evaluation scripts read: EvalAI's keys, all of them (docs/bundles.md)."""

from datetime import datetime
from typing import Any

from app.models.submissions import Submission
from app.models.trials import Trial


def submission_metadata(made: Submission) -> dict[str, Any]:
    """Return what `kwargs["submission_metadata"]` holds; file addresses are names only, for there is no network."""
    return {
        "id": made.id,
        "participant_team": made.team_id,
        "participant_team_name": made.team.name,
        "execution_time": "None",
        "challenge_phase": made.phase_id,
        "created_by": made.account_id,
        "status": "running",
        "input_file": made.file_name,
        "submission_input_file": None,
        "stdout_file": None,
        "stderr_file": None,
        "environment_log_file": None,
        "submission_result_file": None,
        "started_at": _iso(made.started_at),
        "completed_at": None,
        "submitted_at": _iso(made.submitted_at),
        "rerun_resumed_at": _iso(made.rerun_at),
        "when_made_public": _iso(made.submitted_at) if made.on_board else None,
        "method_name": made.method_name,
        "method_description": made.method_description,
        "project_url": made.project_url,
        "publication_url": made.publication_url,
        "is_public": made.on_board,
        "is_flagged": False,
        "is_baseline": made.is_baseline,
        "is_verified_by_host": False,
        "ignore_submission": False,
        "job_name": [],
        "submission_metadata": made.attributes or None,
    }


# what nobody has said of a file that no team has sent
_UNSAID: dict[str, Any] = {
    "execution_time": "None",
    "status": "running",
    "submission_input_file": None,
    "stdout_file": None,
    "stderr_file": None,
    "environment_log_file": None,
    "submission_result_file": None,
    "completed_at": None,
    "rerun_resumed_at": None,
    "when_made_public": None,
    "method_name": "",
    "method_description": "",
    "project_url": "",
    "publication_url": "",
    "is_public": False,
    "is_flagged": False,
    "is_baseline": False,
    "is_verified_by_host": False,
    "ignore_submission": False,
    "job_name": [],
    "submission_metadata": None,
}


def trial_metadata(trial: Trial, *, phase_id: int) -> dict[str, Any]:
    """Return the same keys for a trial, which has no team: its host's name stands in for one."""
    return host_metadata(
        file_name=trial.file_name,
        host=trial.asked_by.name,
        account_id=trial.asked_by_id,
        phase_id=phase_id,
        submitted_at=trial.asked_at,
        started_at=trial.started_at,
    )


def host_metadata(
    *,
    file_name: str,
    host: str,
    account_id: int = 0,
    phase_id: int = 0,
    submitted_at: datetime | None = None,
    started_at: datetime | None = None,
) -> dict[str, Any]:
    """Return the same keys for a file that a host has scored outside of any team."""
    return {
        **_UNSAID,
        "id": 0,
        "participant_team": 0,
        "participant_team_name": host,
        "challenge_phase": phase_id,
        "created_by": account_id,
        "input_file": file_name,
        "started_at": _iso(started_at),
        "submitted_at": _iso(submitted_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
