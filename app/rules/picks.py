"""What counts on a final board where a phase has final picks: the one place that says so.

A final board is one that is kept for the end: for hosts only, revealed by a deliberate act, or named as the final of a
public board. On it count, of each team,

- the submissions it picked, the first `most` of them in the order they were picked;
- where it picked none that counts here, the one that stands for it on the public board;
- where there is none either, all of its submissions: nobody is dropped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

MOST_PICKS = 2


@dataclass(frozen=True)
class Choice:
    """A submission that could count: whose it is, and since when the team wants it to."""

    team_id: int
    submission_id: int
    picked_at: datetime | None


def counting(choices: Iterable[Choice], *, most: int, public_best: Mapping[int, int]) -> frozenset[int]:
    """Return the ids of the submissions that count; `public_best` is team -> submission on the public board."""
    by_team: dict[int, list[Choice]] = {}
    for choice in choices:
        by_team.setdefault(choice.team_id, []).append(choice)
    return frozenset(
        submission_id
        for team_id, own in by_team.items()
        for submission_id in _of_team(own, most=most, best=public_best.get(team_id))
    )


def _of_team(own: list[Choice], *, most: int, best: int | None) -> list[int]:
    picked = sorted((it.picked_at, it.submission_id) for it in own if it.picked_at is not None)
    if picked:
        return [submission_id for _, submission_id in picked[:most]]
    every = [it.submission_id for it in own]
    return [best] if best in every and best is not None else every
