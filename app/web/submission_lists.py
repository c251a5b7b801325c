"""Lists of submissions, narrowed by their address: ?phase=dev&state=failed&team=owls&page=2."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import request

from app.models.challenges import Phase
from app.models.submissions import Submission
from app.queries import submission_lists
from app.queries.submission_lists import PAGE, Wanted
from app.rules.failures import FAILURES
from app.rules.spreadsheets import Cell
from app.rules.states import SubmissionStatus
from app.web.asked import page_number
from app.web.loading import SeenChallenge

LONGEST_NAME = 100


def wanted() -> Wanted:
    """Return what the address asks for; a state that does not exist is not asked for."""
    state = request.args.get("state")
    return Wanted(
        phase=request.args.get("phase") or None,
        status=SubmissionStatus(state) if state in set(SubmissionStatus) else None,
        team=request.args.get("team", "").strip()[:LONGEST_NAME],
    )


def list_values(seen: SeenChallenge, *, team_id: int | None) -> dict[str, Any]:
    """Return what a page of a list is drawn from: of one team, or of all (None)."""
    asked = wanted()
    number = page_number()
    found = submission_lists.page_of(seen.challenge.id, replace(asked, team_id=team_id), page=number)
    shown = found[:PAGE]
    return {
        "submissions": shown,
        "page_number": number,
        "has_more": len(found) > PAGE,
        "failures": FAILURES,
        "is_live": any(not it.status.is_over for it in shown),
        "state": "-".join(map(_state, shown)),
        "wanted": asked,
        "address": _address(asked),
        "phases": seen.phases,
        "states": list(SubmissionStatus),
        "picks": _picks(seen.phases, shown),
    }


def last_page(seen: SeenChallenge, *, team_id: int | None) -> int:
    """Return the number of the last page of the list that the address asks for."""
    return submission_lists.pages(seen.challenge.id, replace(wanted(), team_id=team_id))


def _state(it: Submission) -> str:
    return f"{it.id}{it.status.value}{int(it.on_board)}{int(it.picked_at is not None)}"


def _address(asked: Wanted) -> dict[str, str | None]:
    return {
        "phase": asked.phase,
        "state": asked.status.value if asked.status else None,
        "team": asked.team or None,
    }


def _picks(phases: Sequence[Phase], shown: Sequence[Submission]) -> bool:
    """Whether a list has something to pick, or anything picked."""
    return any(it.final_picks for it in phases) or any(it.picked_at for it in shown)


COLUMNS = (
    *("id", "phase", "team", "number", "sent_by", "submitted_at", "status", "failure", "file_name", "size", "sha256"),
    *("method_name", "method_description", "project_url", "publication_url", "seconds", "peak_bytes"),
    *("on_board", "picked_at", "late", "version", "split", "metric", "score"),
)


def table_of(challenge_id: int, asked: Wanted) -> Iterator[Sequence[Cell]]:
    """Yield a list as a table: a row for each score, one row for a submission without any."""
    yield COLUMNS
    for made in submission_lists.whole(challenge_id, asked):
        about = _about(made)
        scores = [
            (entry.phase_split.dataset_split.codename, label, entry.scores.get(label))
            for entry in made.entries
            for label in entry.phase_split.leaderboard.labels
        ]
        for split, label, score in scores or [("", "", None)]:
            yield (*about, split, label, score)


def _about(made: Submission) -> tuple[Cell, ...]:
    return (
        *(made.id, made.phase.codename, made.team.name, made.number, made.account.name),
        *(made.submitted_at.isoformat(), made.status.value, made.failure.value if made.failure else ""),
        *(made.file_name, made.size, made.sha256, made.method_name, made.method_description),
        *(made.project_url, made.publication_url, made.seconds, made.peak_bytes, int(made.on_board)),
        *(made.picked_at.isoformat() if made.picked_at else "", int(made.is_late), made.version.number),
    )
