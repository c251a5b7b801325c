"""Read what the teams of the demo do, from `plans/<example>.csv`, and carry it out."""

import csv
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from .spoil import SPOILERS
from .teams import MEMBERS

PLANS = Path(__file__).resolve().parent / "plans"

Predict = Callable[[str], bytes]
Answer = Callable[[str], dict[str, object]]
PlanRow = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One submitted file; `day` counts from 0, `hour` is the time of day, `phase` a codename."""

    day: int
    hour: int
    phase: str
    method: str
    note: str
    predictions: bytes
    filename: str
    # to the questions that a phase asks, by their names
    answers: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A team, the handles of its members (names: PEOPLE), and its attempts in order of time."""

    team: str
    members: tuple[str, ...]
    attempts: list[Attempt]


@dataclass(frozen=True, kw_only=True)
class Field:
    """What differs between the challenges: who predicts, which phase takes tries, how files end, what teams answer."""

    predict: Predict
    phase: str
    suffix: str
    answer: Answer = lambda _model: {}


def carry_out(example: str, field: Field, *, first: int | None) -> list[Entrant]:
    """Fit every planned model of the first teams (None: of all) and return what they submit."""
    with (PLANS / f"{example}.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    by_team = [(team, list(tries)) for team, tries in itertools.groupby(rows, key=lambda row: row["team"])]
    # On matrices this small, threads double the work and make the last digits depend on the machine.
    with threadpool_limits(limits=1):
        return [
            Entrant(team=team, members=MEMBERS[team], attempts=list(_attempts(tries, field)))
            for team, tries in by_team[:first]
        ]


def _attempts(tries: list[PlanRow], field: Field) -> Iterable[Attempt]:
    in_time = sorted(tries, key=lambda row: (int(row["day"]), int(row["hour"])))
    for number, row in enumerate(in_time, start=1):
        predictions = field.predict(row["model"])
        if row["spoil"]:
            predictions = SPOILERS[row["spoil"]](predictions)
        for phase in (field.phase, "final") if row["final"] else (field.phase,):
            yield Attempt(
                day=int(row["day"]),
                hour=int(row["hour"]),
                phase=phase,
                method=row["method"],
                note=row["note"],
                predictions=predictions,
                filename=f"submission_{number:02d}{field.suffix}",
                answers=field.answer(row["model"]),
            )
