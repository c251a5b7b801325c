"""What a board is drawn from: each team's standing, and a version that rises with every change."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# by which rules standings are computed: boards of before an update that raises it are computed anew at the next start
RULES = 1


class Standing(Base):
    """A team's best submission on a board, recomputed from its entries whenever one of them changes.

    `score` is oriented, higher is better, so that one index serves both directions; None: the ordering metric is
    missing. `entries` counts the team's scored submissions that may count here; `last_at` is the newest of them.
    `trail` is what its score was when: [seconds since 1970, score as the script gave it], oldest first, thinned out.
    `quarters` are when those were sent: [quarter of an hour since 1970, how many], what BoardQuarter adds up.
    """

    __tablename__ = "standing"
    # holds all that says who is on a page, so that only the rows of that page are read
    __table_args__ = (Index("ix_standing_rank", "phase_split_id", "score", "best_at", "submission_id", "team_id"),)

    phase_split_id: Mapped[int] = mapped_column(ForeignKey("phase_split.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    score: Mapped[float | None]
    best_at: Mapped[datetime]
    entries: Mapped[int]
    last_at: Mapped[datetime]
    trail: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    # the last column: whoever reads the others does not read it
    quarters: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class MetricStanding(Base):
    """The same for each metric of a board that does not order it by default, so that it can be ordered by that too."""

    __tablename__ = "metric_standing"
    __table_args__ = (
        Index(
            "ix_metric_standing_rank",
            *("phase_split_id", "label", "score", "best_at", "submission_id", "team_id"),
        ),
    )

    phase_split_id: Mapped[int] = mapped_column(ForeignKey("phase_split.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    score: Mapped[float | None]
    best_at: Mapped[datetime]


class Baseline(Base):
    """A host's submission that a board shows among the teams, without a rank of its own."""

    __tablename__ = "baseline"

    phase_split_id: Mapped[int] = mapped_column(ForeignKey("phase_split.id", ondelete="CASCADE"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))


class StandingChange(Base):
    """A team's standing from a moment on, None: it has none any more. Rows are only ever added.

    Written only when the submission that counts or its score changes, which is seldom: what a board showed at any
    moment is each team's last row until then.
    """

    __tablename__ = "standing_change"
    __table_args__ = (
        Index("ix_standing_change_past", "phase_split_id", "team_id", "at"),
        Index("ix_standing_change_first", "phase_split_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_split_id: Mapped[int] = mapped_column(ForeignKey("phase_split.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    score: Mapped[float | None]
    best_at: Mapped[datetime | None]


class BoardQuarter(Base):
    """How many of the submissions that count on a board were sent in a quarter of an hour since 1970.

    The time zones of the world differ by quarters of an hour, so that these add up to the days of any of them.
    """

    __tablename__ = "board_quarter"

    phase_split_id: Mapped[int] = mapped_column(ForeignKey("phase_split.id", ondelete="CASCADE"), primary_key=True)
    quarter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class BoardVersion(Base):
    """A number that rises with every change of a board; `is_open` says that anybody may read it just now.

    `teams` counts its standings, because counting them for each page takes longer the more there are.
    One small row a board, read by the watcher of each web process, so that a poll of an unchanged board needs no query.
    """

    __tablename__ = "board_version"

    phase_split_id: Mapped[int] = mapped_column(ForeignKey("phase_split.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    is_open: Mapped[bool] = mapped_column(default=False)
    teams: Mapped[int] = mapped_column(default=0, server_default="0")
    rules: Mapped[int] = mapped_column(default=RULES, server_default="0")
