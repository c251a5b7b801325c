"""What the pictures of a board are drawn from: the standings that the board itself shows, and nothing else."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.models.challenges import PhaseSplit
from app.models.leaderboards import BoardQuarter, Standing
from app.queries import board_rows, places, submissions
from app.queries.board_rows import Row, View
from app.rules.charts import MOST_DAYS
from app.rules.quarters import A_DAY, moment

TOP = 10
_this_board = BoardQuarter.phase_split_id == bindparam("split")
_NEWEST = select(func.max(BoardQuarter.quarter)).where(_this_board, BoardQuarter.count > 0)
_QUARTERS = select(BoardQuarter.quarter, BoardQuarter.count).where(
    _this_board, BoardQuarter.quarter > bindparam("since"), BoardQuarter.count > 0
)
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


def quarters(split: PhaseSplit) -> list[tuple[datetime, int]]:
    """Return how many submissions that count on a board were sent in each quarter of an hour of its last days."""
    newest = db.session.scalar(_NEWEST, {"split": split.id})
    since = (newest or 0) - (MOST_DAYS + 1) * A_DAY
    found = db.session.execute(_QUARTERS, {"split": split.id, "since": since})
    return [(moment(it[0]), it[1]) for it in found]


def quarters_of(split: PhaseSplit, team_id: int | None) -> list[tuple[datetime, int]]:
    """Return the same for one team."""
    known = submissions.standing_of(split.id, team_id) if team_id is not None else None
    return [(moment(at), count) for at, count in known.quarters] if known is not None else []
