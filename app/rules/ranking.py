"""The order of a leaderboard: best submission per team, ties to the earlier, missing scores last.

The board orders by full precision, whatever number of decimals it shows. Equal scores share a rank; among
them the earlier submission is listed first. A missing score ranks last in both directions (in EvalAI it counts as
0, which is first place where lower is better).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Candidate:
    """One scored submission: whose it is, when it came, and the score of the ordering metric (None: missing)."""

    team_id: int
    submission_id: int
    submitted_at: datetime
    score: float | None


@dataclass(frozen=True)
class Placed:
    """A team's place: shared by equal scores, 1 is the top."""

    rank: int
    candidate: Candidate


def oriented(score: float | None, *, descending: bool) -> float | None:
    """Turn a score so that higher is better; None and values that are no finite number become None."""
    if score is None or not math.isfinite(score):
        return None
    return score if descending else -score


def latest(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return each team's newest candidate: what counts on a board of latest submissions, better or worse."""
    newest: dict[int, Candidate] = {}
    for candidate in sorted(candidates, key=lambda it: (it.submitted_at, it.submission_id)):
        newest[candidate.team_id] = candidate
    return list(newest.values())


def rank(candidates: Iterable[Candidate], *, descending: bool) -> list[Placed]:
    """Return each team's best candidate with its rank, best first."""
    best: dict[int, Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: _key(c, descending=descending)):
        best.setdefault(candidate.team_id, candidate)
    placed: list[Placed] = []
    for position, candidate in enumerate(best.values(), start=1):
        shares = placed and _score(placed[-1].candidate, descending=descending) == _score(
            candidate, descending=descending
        )
        placed.append(Placed(placed[-1].rank if shares else position, candidate))
    return placed


def _score(candidate: Candidate, *, descending: bool) -> float | None:
    return oriented(candidate.score, descending=descending)


def _key(candidate: Candidate, *, descending: bool) -> tuple[float, datetime, int]:
    score = oriented(candidate.score, descending=descending)
    return (math.inf if score is None else -score, candidate.submitted_at, candidate.submission_id)
