"""What the pictures of a board are drawn from: the standings that the board itself shows, and nothing else."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select

from app.engines import is_sqlite
from app.extensions import db
from app.models.challenges import PhaseSplit
from app.models.leaderboards import Standing
from app.queries import board_rows, places, submissions
from app.queries.board_rows import Row, View

TOP = 10
_SCORES = select(Standing.score).where(Standing.phase_split_id == bindparam("split"), Standing.score.is_not(None))


def leaders(split: PhaseSplit, view: View, *, only_own: bool) -> list[Row]:
    """Return the rows of the first ten teams and the own one, by the default metric."""
    label = split.leaderboard.default_order_by
    mine = places.own(split, label, view.own_team_id)
    first = [] if only_own else [it for it in places.page(split, label, 1, size=TOP) if it.rank is not None]
    if mine is not None and mine.team_id not in {it.team_id for it in first}:
        first.append(mine)
    return board_rows.rows(split, first, view)


def scores(split: PhaseSplit) -> list[float]:
    """Return every team's score by the default metric, as the script gives it."""
    sign = 1 if split.descending[split.leaderboard.default_order_by] else -1
    return [sign * it for it in db.session.scalars(_SCORES, {"split": split.id}) if it is not None]


def minutes(
    split: PhaseSplit, *, team_id: int | None, shown_only: bool, until: datetime | None
) -> list[tuple[datetime, int]]:
    """Return the minutes in which what counts on a board was sent, with how many; `until`: scored by then."""
    entries = submissions.entries_query(team_id, shown_only=shown_only).subquery()
    text = "%Y-%m-%dT%H:%M"
    sent = entries.c.submitted_at
    minute = (
        func.strftime(text, sent)
        if is_sqlite(db.engine)
        else func.to_char(func.timezone("UTC", sent), 'YYYY-MM-DD"T"HH24:MI')
    )
    query = select(minute, func.count()).where(~entries.c.is_baseline).group_by(minute)
    if until is not None:
        query = query.where(entries.c.completed_at <= until)
    found = db.session.execute(query, {"phase_split_id": split.id, "team_id": team_id})
    return [(datetime.strptime(at, text).replace(tzinfo=UTC), count) for at, count in found]
