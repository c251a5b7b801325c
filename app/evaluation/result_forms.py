"""The forms in which scripts give their result, each unfolded to one map from dataset split to metrics."""

import json
from typing import Any

from app.evaluation.outcome import cleaned
from app.rules.errors import N_
from app.rules.sentences import Sentence, sentence

# Under these names scripts hold the metrics beside "split"; the first is that of EvalAI's remote interface.
_METRICS = ("accuracies", "metrics", "scores")


class UnusableResult(Exception):
    """What cannot be used of a result, in a sentence for the host; `detail` is what the script said itself."""

    def __init__(self, message: str, /, *, detail: str = "", **values: Any) -> None:
        self.said = sentence(message, **values)
        self.detail = detail
        super().__init__(message)


def by_split(result: Any, *, where: str, notes: list[Sentence]) -> dict[str, dict[str, Any]]:
    """Return the metrics of each split; raises UnusableResult for what is none of the forms.

    Read are: a list of maps from split to metrics, one map, several splits in a map, maps with `split` and
    `accuracies`, and any of these as JSON text.
    """
    entries = _entries(result, where=where)
    found: dict[str, dict[str, Any]] = {}
    for index, entry in enumerate(entries):
        place = f"{where}[{index}]"
        if not isinstance(entry, dict):
            raise UnusableResult(
                N_("%(where)s is %(kind)s, not a map from a dataset split to its metrics."),
                where=place,
                kind=kind_of(entry),
            )
        for split, metrics in _unfolded(entry).items():
            if not isinstance(metrics, dict):
                raise UnusableResult(
                    N_("%(where)s is %(kind)s, not a map from metric to number."),
                    where=f"{place}.{cleaned(split)}",
                    kind=kind_of(metrics),
                )
            if split in found:
                notes.append(
                    sentence(
                        N_("The split `%(split)s` is in the result more than once; the first was used."),
                        split=cleaned(split),
                    )
                )
            found.setdefault(split, metrics)
    return found


def _entries(result: Any, *, where: str) -> list[Any]:
    if isinstance(result, str):
        try:
            result = json.loads(result)
        except (ValueError, RecursionError):
            raise UnusableResult(
                N_("%(where)s is a text that is not JSON; it has to be a list of maps."), where=where
            ) from None
    entries = [result] if isinstance(result, dict) else result
    if not isinstance(entries, list):
        raise UnusableResult(N_("%(where)s is %(kind)s, not a list of maps."), where=where, kind=kind_of(entries))
    return entries


def _unfolded(entry: dict[str, Any]) -> dict[str, Any]:
    """Unfold the form of EvalAI's remote interface: {split, show_to_participant, accuracies}."""
    for name in _METRICS:
        if isinstance(entry.get("split"), str) and isinstance(entry.get(name), dict):
            return {entry["split"]: entry[name]}
    return entry


def kind_of(value: Any) -> str:
    """Name the type of a value as Python does."""
    return "None" if value is None else type(value).__name__
