"""The rows of a board as a page shows them: places with the names, scores and words that belong to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from app.extensions import db
from app.models.challenges import Phase, PhaseSplit
from app.models.leaderboards import Standing
from app.models.submissions import Entry, Submission
from app.models.teams import Team
from app.queries import teams
from app.queries.past_scores import Scored, scored_then
from app.queries.places import Place

NOTHING = Scored({}, {})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One team's place, or a baseline's (`rank` None).

    `team` is empty where the name is kept from who looks; `alias` stands for it then, and `key` for the team's id.
    `moved` counts the places won since the moment compared with, None when the team was not on the board then; `shift`
    does the same from the public board to this one. `is_gone`: on a board of the past, that it was deleted since.
    """

    rank: int | None
    key: str
    team_id: int
    team: str
    alias: int | None
    members: tuple[str, ...]
    is_baseline: bool
    is_verified: bool
    is_own: bool
    scores: dict[str, float | None]
    errors: dict[str, float | None]
    seconds: float | None
    method: str
    links: tuple[tuple[str, str], ...]
    attributes: tuple[str, ...]
    entries: int
    last_at: datetime
    trail: Sequence[Sequence[float]]
    moved: int | None = None
    is_new: bool = False
    shift: int | None = None
    is_gone: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether some metrics have a score and others none."""
        missing = [value is None for value in self.scores.values()]
        return any(missing) and not all(missing)


@dataclass(frozen=True, kw_only=True)
class View:
    """How the rows are looked at: whose is marked, whether names are told, and which ranks they are compared with."""

    own_team_id: int | None = None
    sees_names: bool = True
    past: Mapping[int, int] | None = None
    public: Mapping[int, int] | None = None


def visible_attributes(phase: Phase) -> list[str]:
    """Return the names of the attributes that the bundle shows on boards, in its order."""
    return [it["name"] for it in phase.submission_meta_attributes if it.get("is_visible")]


def rows(split: PhaseSplit, places: Sequence[Place], view: View) -> list[Row]:
    """Return the rows of some places; a submission that is gone has none."""
    found = _found(split, places)
    return _rows(split, places, found, found, view=view)


def rows_then(split: PhaseSplit, places: Sequence[Place], view: View) -> list[Row]:
    """Return the rows of places of the past, with the scores they had then; what was deleted since keeps its place."""
    found = _found(split, places, is_past=True)
    today = {number: Scored(it.scores, it.errors or {}) for number, it in found.items() if it.scores is not None}
    return _rows(split, places, found, scored_then(split, places, today), view=view)


def _rows(
    split: PhaseSplit, places: Sequence[Place], found: Mapping[int, Any], shown: Mapping[int, Any], *, view: View
) -> list[Row]:
    asked = visible_attributes(split.phase)
    members = teams.member_names([it.team_id for it in places if view.sees_names or it.team_id == view.own_team_id])
    return [
        _row(
            split,
            place,
            found[place.submission_id],
            shown.get(place.submission_id, NOTHING),
            view=view,
            members=members,
            asked=asked,
        )
        for place in places
        if place.submission_id in found
    ]


def _found(split: PhaseSplit, places: Sequence[Place], *, is_past: bool = False) -> dict[int, Any]:
    wanted = _details(split, places, is_past=is_past)
    return {it.submission_id: it for it in db.session.execute(wanted)}


def _details(split: PhaseSplit, places: Sequence[Place], *, is_past: bool) -> Any:
    columns: list[Any] = [
        Submission.id.label("submission_id"),
        Entry.scores,
        Entry.errors,
        Team.name,
        Team.alias,
        Submission.baseline_name,
        Submission.is_verified,
        Submission.seconds,
        Submission.method_name,
        Submission.project_url,
        Submission.publication_url,
    ]
    with_attributes = [Submission.attributes] if visible_attributes(split.phase) else []
    on_board = and_(Entry.submission_id == Submission.id, Entry.phase_split_id == split.id)
    return (
        select(*columns, *with_attributes)
        .select_from(Submission)
        .join(Entry, on_board, isouter=is_past)
        .join(Team, Submission.team_id == Team.id)
        .where(Submission.id.in_([it.submission_id for it in places]))
    )


def _row(
    split: PhaseSplit,
    place: Place,
    it: Any,
    shown: Any,
    *,
    view: View,
    members: Mapping[int, Sequence[str]],
    asked: Collection[str],
) -> Row:
    is_baseline, is_own = place.rank is None, place.team_id == view.own_team_id
    is_named = is_baseline or is_own or view.sees_names
    name = (it.baseline_name or it.method_name or it.name) if is_baseline else it.name
    labels = split.leaderboard.labels
    was = view.past.get(place.team_id) if view.past is not None else None
    was_public = view.public.get(place.team_id) if view.public is not None else None
    return Row(
        rank=place.rank,
        key=f"b{place.submission_id}" if is_baseline else str(place.team_id if view.sees_names else f"n{it.alias}"),
        team_id=place.team_id,
        team=name if is_named else "",
        alias=None if is_baseline else it.alias,
        members=() if is_baseline else _members(name, members.get(place.team_id, ())),
        is_baseline=is_baseline,
        is_own=is_own and not is_baseline,
        scores={label: shown.scores.get(label) for label in labels},
        errors={label: (shown.errors or {}).get(label) for label in labels},
        **_about(it, is_gone=shown is NOTHING),
        **_words(it, name, asked=asked, is_named=is_named, is_baseline=is_baseline),
        entries=place.entries,
        last_at=place.last_at,
        trail=place.trail,
        moved=_won(was, place.rank),
        is_new=view.past is not None and was is None and not is_baseline,
        shift=_won(was_public, place.rank),
    )


def _about(it: Any, *, is_gone: bool) -> dict[str, Any]:
    if is_gone:
        return {"is_gone": True, "is_verified": False, "seconds": None}
    return {"is_gone": False, "is_verified": it.is_verified, "seconds": it.seconds}


def _words(it: Any, name: str, *, asked: Collection[str], is_named: bool, is_baseline: bool) -> dict[str, Any]:
    """Return what the team wrote: a method may name it as well as its name does."""
    if not is_named:
        return {"method": "", "links": (), "attributes": ("",) * len(asked)}
    return {
        "method": "" if is_baseline and name == it.method_name else it.method_name,
        "links": _links(it),
        "attributes": _answers(it.attributes, asked) if asked else (),
    }


def _won(was: int | None, rank: int | None) -> int | None:
    return None if was is None or rank is None else was - rank


def _members(team: str, names: Sequence[str]) -> tuple[str, ...]:
    """Whoever takes part alone under the own name is not named twice."""
    return () if list(names) == [team] else tuple(names)


def _links(it: Any) -> tuple[tuple[str, str], ...]:
    both = (("project", it.project_url), ("publication", it.publication_url))
    # whatever the form once let through: a link of ours leads to the web
    return tuple((kind, url) for kind, url in both if url.startswith(("https://", "http://")))


def _answers(given: Sequence[Mapping[str, Any]] | None, asked: Collection[str]) -> tuple[str, ...]:
    """Return what was answered to each attribute that is asked for; empty where nothing was."""
    by_name = {it["name"]: it for it in given or ()}
    return tuple(_answer(by_name.get(name, {})) for name in asked)


def _answer(given: Mapping[str, Any]) -> str:
    return ", ".join(given["values"]) if "values" in given else str(given.get("value") or "")


def ranks(phase_split_id: int) -> dict[int, int]:
    """Return the rank of every team of a board by its default metric."""
    place = func.rank().over(order_by=Standing.score.desc().nulls_last())
    found = db.session.execute(select(Standing.team_id, place).where(Standing.phase_split_id == phase_split_id))
    return {it[0]: it[1] for it in found}
