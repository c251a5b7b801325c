"""Which columns a board can show and which this reader wants: ticked boxes of a form, so they stand in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.models.challenges import PhaseSplit
from app.queries.board_rows import visible_attributes
from app.queries.leaderboards import ordering

_ATTRIBUTE = "a"


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that can be left out: its name in the address, its heading, and whether it is shown."""

    name: str
    label: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a board as somebody wants them; `wanted` is what the address says.

    Where it says nothing, all are shown but the answers to the host's questions: four of them push the scores aside.
    """

    split: PhaseSplit
    order_by: str
    wanted: tuple[str, ...]
    # whether there are ranks to compare with: of a moment in the past, and of the public board
    has_moves: bool = False
    has_shifts: bool = False

    @property
    def metrics(self) -> list[str]:
        """The labels that are shown, the ordering one first."""
        labels = self.split.leaderboard.labels
        shown = [label for number, label in enumerate(labels) if label == self.order_by or self.shows(f"m{number}")]
        return sorted(shown, key=lambda label: label != self.order_by)

    @property
    def attributes(self) -> list[tuple[int, str]]:
        """The places and names of the attributes that are shown."""
        names = visible_attributes(self.split.phase)
        return [(number, name) for number, name in enumerate(names) if self.shows(f"{_ATTRIBUTE}{number}")]

    @property
    def took(self) -> bool:
        """Whether the time an evaluation took is shown: only where the bundle says so."""
        return self.split.show_execution_time and self.shows("took")

    def shows(self, name: str) -> bool:
        """Whether a column that can be left out is shown."""
        return name in self.wanted if self.wanted else not name.startswith(_ATTRIBUTE)

    @property
    def named(self) -> dict[str, str]:
        """The columns that can be left out, by their names in the address, with what the host calls them if it does."""
        labels = self.split.leaderboard.labels
        found = {f"m{number}": label for number, label in enumerate(labels) if label != self.order_by}
        found |= {"move": "", "trend": ""} | ({"took": ""} if self.split.show_execution_time else {})
        found |= {f"{_ATTRIBUTE}{number}": name for number, name in enumerate(visible_attributes(self.split.phase))}
        return found | {"method": "", "entries": "", "last": ""}

    @property
    def choices(self) -> list[Choice]:
        """What the form offers, in the order of the columns."""
        ours = {
            "move": _("Movement"),
            "trend": _("Score history"),
            "took": _("Evaluation took"),
            "method": _("Method and links"),
            "entries": _("Entries"),
            "last": _("Last submission"),
        }
        return [Choice(name, ours.get(name, label), self.shows(name)) for name, label in self.named.items()]


def columns(split: PhaseSplit, *, order_by: str | None, wanted: Sequence[str]) -> Columns:
    """Return the columns of a board; names that it does not have are left out, so that addresses stay few."""
    known = Columns(split, ordering(split, order_by), ())
    return replace(known, wanted=tuple(sorted(known.named.keys() & set(wanted))))
