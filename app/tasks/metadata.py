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
        "rerun_resumed_at": None,
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


def trial_metadata(trial: Trial, *, phase_id: int) -> dict[str, Any]:
    """Return the same keys for a trial, which has no team: its host's name stands in for one."""
    return {
        "id": 0,
        "participant_team": 0,
        "participant_team_name": trial.asked_by.name,
        "execution_time": "None",
        "challenge_phase": phase_id,
        "created_by": trial.asked_by_id,
        "status": "running",
        "input_file": trial.file_name,
        "submission_input_file": None,
        "stdout_file": None,
        "stderr_file": None,
        "environment_log_file": None,
        "submission_result_file": None,
        "started_at": _iso(trial.started_at),
        "completed_at": None,
        "submitted_at": _iso(trial.asked_at),
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


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
