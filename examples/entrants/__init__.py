"""The teams of the demo and what they submitted over three weeks, made by real scikit-learn models.

for entrant in entrants("breast-cancer-auc"): for attempt in entrant.attempts: ...

Fitting happens on the call, on the committed `data/` only; equal calls give equal bytes.
"""

from . import diabetes, ranking, tumour
from .plan import Attempt, Entrant, Field, carry_out
from .teams import PEOPLE

__all__ = ["PEOPLE", "Attempt", "Entrant", "entrants"]

_FIELDS = {
    "diabetes-rmse": Field(predict=diabetes.predict, phase="main", suffix=".csv"),
    "digits-ranking": Field(predict=ranking.predict, phase="dev", suffix=".json"),
    "breast-cancer-auc": Field(predict=tumour.predict, phase="dev", suffix=".csv", answer=tumour.answers),
}


def entrants(example: str, *, first: int | None = None) -> list[Entrant]:
    """Return the teams of an example, or the first few of them, with their files in order of time.

    Raises KeyError when there is no example of that name.
    """
    return carry_out(example, _FIELDS[example], first=first)
