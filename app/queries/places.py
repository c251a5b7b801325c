"""Who stands where on a board: read along an index, so that it costs the same however many teams there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from app.extensions import db
from app.models.challenges import PhaseSplit
from app.models.leaderboards import Baseline, MetricStanding, Standing
from app.models.submissions import Entry, Submission
from app.rules.ranking import oriented

PAGE = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A submission's place on a board; `score` is oriented, `rank` None for a baseline, `trail` as in Standing."""

    rank: int | None
    team_id: int
    submission_id: int
    score: float | None
    best_at: datetime
    entries: int
    last_at: datetime
    trail: Sequence[Sequence[float]] = ()

    @property
    def key(self) -> tuple[bool, float, datetime, int]:
        """What places are sorted by: the rule of rules/ranking.py for oriented scores."""
        return (self.score is None, -(self.score or 0), self.best_at, self.submission_id)


# written once for the default metric and for any other: putting a statement together takes longer than running it
Kept = type[Standing] | type[MetricStanding]
_COUNTED = (Standing.entries, Standing.last_at, Standing.trail)


def _of_board(kept: Kept) -> ColumnElement[bool]:
    this_board = kept.phase_split_id == bindparam("split")
    return this_board if kept is Standing else this_board & (MetricStanding.label == bindparam("label"))


def _columns(kept: Kept) -> Select[Any]:
    # columns, not objects: a hundred of those take longer than everything else here
    query = select(kept.score, kept.team_id, kept.submission_id, kept.best_at, *_COUNTED).where(_of_board(kept))
    if kept is Standing:
        return query
    same = and_(Standing.phase_split_id == kept.phase_split_id, Standing.team_id == kept.team_id)
    return query.join(Standing, same)


def _page(kept: Kept) -> Select[Any]:
    # the index says who is on the page; only then are their rows read
    order = (kept.score.desc().nulls_last(), kept.best_at, kept.submission_id)
    keys = select(kept.score, kept.team_id, kept.submission_id, kept.best_at).where(_of_board(kept)).order_by(*order)
    on_page = keys.limit(bindparam("most")).offset(bindparam("before")).subquery()
    same = and_(Standing.phase_split_id == bindparam("split"), Standing.team_id == on_page.c.team_id)
    again = (on_page.c.score.desc().nulls_last(), on_page.c.best_at, on_page.c.submission_id)
    return select(on_page, *_COUNTED).join(Standing, same).order_by(*again)


def _count(kept: Kept, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(kept).where(_of_board(kept), *conditions)


def _statements(kept: Kept) -> dict[str, Select[Any]]:
    earlier = (kept.best_at < bindparam("at")) | (
        (kept.best_at == bindparam("at")) & (kept.submission_id < bindparam("submission"))
    )
    return {
        "page": _page(kept),
        "own": _columns(kept).where(kept.team_id == bindparam("team")),
        "better": _count(kept, kept.score > bindparam("score")),
        "scored": _count(kept, kept.score.is_not(None)),
        "equal": _count(kept, kept.score == bindparam("score"), earlier),
        "missing": _count(kept, kept.score.is_(None), earlier),
    }


_BY_DEFAULT, _BY_OTHER = _statements(Standing), _statements(MetricStanding)
_BASELINES = (
    select(Baseline.submission_id, Baseline.team_id, Submission.submitted_at, Entry.scores)
    .join(Submission, Submission.id == Baseline.submission_id)
    .join(Entry, and_(Entry.submission_id == Baseline.submission_id, Entry.phase_split_id == Baseline.phase_split_id))
    .where(Baseline.phase_split_id == bindparam("split"))
)


def ranked(found: Iterable[Place]) -> list[Place]:
    """Return places in order with their ranks; equal scores share one."""
    made: list[Place] = []
    for number, it in enumerate(sorted(found, key=lambda it: it.key), start=1):
        shares = made and made[-1].score == it.score
        made.append(replace(it, rank=made[-1].rank if shares else number))
    return made


def page(split: PhaseSplit, label: str, number: int, *, size: int | None = None) -> list[Place]:
    """Return one page of places by a metric with the baselines between them; pages are numbered from 1."""
    size = size or PAGE
    before = (number - 1) * size
    found = _asked(split, label, "page", most=size + 1, before=before).all()
    places = _ranked(split, label, found, before=before)
    following = places[size:]
    return with_baselines(places[:size], baselines(split, label), is_first=number == 1, following=following)


def _ranked(split: PhaseSplit, label: str, found: Sequence[Any], *, before: int) -> list[Place]:
    places: list[Place] = []
    if not found:
        return places
    rank = 1 + _better(split, label, found[0].score)
    for number, it in enumerate(found):
        if number and it.score != found[number - 1].score:
            rank = before + number + 1
        places.append(_place(rank, it))
    return places


def with_baselines(
    places: list[Place], known: Sequence[Place], *, is_first: bool = True, following: Sequence[Place] = ()
) -> list[Place]:
    """Put baselines among the places of a page where their scores belong; `following` begins the next page."""
    if not known:
        return places
    lower = None if is_first or not places else places[0].key
    upper = following[0].key if following else None
    here = [it for it in known if (lower is None or it.key >= lower) and (upper is None or it.key < upper)]
    return sorted([*places, *here], key=lambda it: it.key)


def baselines(split: PhaseSplit, label: str) -> list[Place]:
    """Return the baselines of a board with their scores by a metric."""
    descending = bool(split.descending[label])
    return [
        Place(
            None,
            it.team_id,
            it.submission_id,
            oriented(it.scores.get(label), descending=descending),
            it.submitted_at,
            1,
            it.submitted_at,
        )
        for it in db.session.execute(_BASELINES, {"split": split.id})
    ]


def own(split: PhaseSplit, label: str, team_id: int | None) -> Place | None:
    """Return a team's place by a metric."""
    if team_id is None:
        return None
    found = _asked(split, label, "own", team=team_id).one_or_none()
    return None if found is None else _place(1 + _better(split, label, found.score), found)


def page_of(split: PhaseSplit, label: str, place: Place) -> int:
    """Return the number of the page on which a place is listed; equal scores share a rank, not a page."""
    known = {"at": place.best_at, "submission": place.submission_id}
    if place.score is None:
        level = _asked(split, label, "missing", **known).scalar_one()
    else:
        level = _asked(split, label, "equal", score=place.score, **known).scalar_one()
    return int((_better(split, label, place.score) + level) // PAGE + 1)


def _better(split: PhaseSplit, label: str, score: float | None) -> int:
    """Count the better standings; equal scores share a rank."""
    if score is None:
        return int(_asked(split, label, "scored").scalar_one())
    return int(_asked(split, label, "better", score=score).scalar_one())


def _asked(split: PhaseSplit, label: str, name: str, **values: Any) -> Any:
    is_default = label == split.leaderboard.default_order_by
    known = {"split": split.id} if is_default else {"split": split.id, "label": label}
    return db.session.execute((_BY_DEFAULT if is_default else _BY_OTHER)[name], known | values)


def _place(rank: int, it: Any) -> Place:
    return Place(rank, it.team_id, it.submission_id, it.score, it.best_at, it.entries, it.last_at, it.trail)
