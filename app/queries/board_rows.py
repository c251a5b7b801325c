"""The rows of a board as a page shows them: places with the names, scores and words that belong to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.models.challenges import Phase, PhaseSplit
from app.models.leaderboards import Standing
from app.models.submissions import Entry, Submission
from app.models.teams import Team
from app.queries import teams
from app.queries.places import Place


@dataclass(frozen=True, kw_only=True)
class Row:
    """One team's place, or a baseline's (`rank` None).

    `team` is empty where the name is kept from who looks; `alias` stands for it then, and `key` for the team's id.
    `moved` counts the places won since the moment compared with, None when the team was not on the board then; `shift`
    does the same from the public board to this one.
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
    asked = visible_attributes(split.phase)
    found = {it.submission_id: it for it in db.session.execute(_details(split, places, with_attributes=bool(asked)))}
    named = [it.team_id for it in places if view.sees_names or it.team_id == view.own_team_id]
    members = teams.member_names(named)
    return [
        _row(split, place, it, view=view, members=members, asked=asked)
        for place in places
        if (it := found.get(place.submission_id)) is not None
    ]


def _details(split: PhaseSplit, places: Sequence[Place], *, with_attributes: bool) -> Any:
    columns: list[Any] = [
        Entry.submission_id,
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
    return (
        select(*columns, *([Submission.attributes] if with_attributes else []))
        .join(Submission, Entry.submission_id == Submission.id)
        .join(Team, Submission.team_id == Team.id)
        .where(Entry.phase_split_id == split.id, Entry.submission_id.in_([it.submission_id for it in places]))
    )


def _row(
    split: PhaseSplit,
    place: Place,
    it: Any,
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
        is_verified=it.is_verified,
        is_own=is_own and not is_baseline,
        scores={label: it.scores.get(label) for label in labels},
        errors={label: (it.errors or {}).get(label) for label in labels},
        seconds=it.seconds,
        # a method may name its team as well as its name does
        method=it.method_name if is_named and not (is_baseline and name == it.method_name) else "",
        links=_links(it) if is_named else (),
        attributes=_answers(it.attributes, asked) if asked and is_named else ("",) * len(asked),
        entries=place.entries,
        last_at=place.last_at,
        trail=place.trail,
        moved=_won(was, place.rank),
        is_new=view.past is not None and was is None and not is_baseline,
        shift=_won(was_public, place.rank),
    )


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
