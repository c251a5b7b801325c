"""The metrics of one split of a result: numbers, or reasons why one is none."""

import math
import re
from typing import Any

from app.evaluation.outcome import Expected, SplitScores, cleaned
from app.evaluation.result_forms import UnusableResult, kind_of
from app.rules.errors import N_
from app.rules.sentences import Sentence, sentence

MOST_METRICS = 100
_ERROR_PREFIX = "error_"
_WRITTEN_NUMBER = re.compile(r"(?i)[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(nan|inf(inity)?)")


def split_scores(
    name: str,
    metrics: dict[str, Any],
    *,
    errors: dict[str, dict[str, float]],
    expected: Expected,
    notes: list[Sentence],
) -> SplitScores:
    """Read the metrics of a split; notes say what was read otherwise than it stands there. Raises UnusableResult."""
    if len(metrics) > MOST_METRICS:
        raise UnusableResult(
            N_("The split `%(split)s` has %(count)s metrics; %(most)s are allowed."),
            split=name,
            count=len(metrics),
            most=MOST_METRICS,
        )
    labels = expected.labels.get(name, ())
    scores: dict[str, float] = {}
    for label, value in _renamed(metrics, labels, split=name, notes=notes).items():
        where = f"{name}.{label}"
        if label in labels:
            scores |= _declared(label, value, where=where, notes=notes)
        else:
            scores |= _extra(label, value, where=where, notes=notes)
    _note_missing(name, scores, labels, metrics=metrics, notes=notes)
    return SplitScores(split=name, scores=scores, errors=errors.get(name, {}))


def _renamed(metrics: dict[str, Any], labels: tuple[str, ...], *, split: str, notes: list[Sentence]) -> dict[str, Any]:
    """Return the metrics under the labels of the board where they differ in capitals, blanks and `_` only."""
    strangers = [label for label in metrics if label not in labels]
    renamed: dict[str, str] = {}
    for missing in (label for label in labels if label not in metrics):
        same = [label for label in strangers if _loose(label) == _loose(missing)]
        if len(same) == 1:
            renamed[same[0]] = missing
            notes.append(
                sentence(
                    N_("In the split `%(split)s` the metric `%(found)s` was read as `%(label)s`."),
                    split=split,
                    found=cleaned(same[0]),
                    label=missing,
                )
            )
    return {renamed.get(label, cleaned(label)): value for label, value in metrics.items()}


def _loose(label: str) -> str:
    return re.sub(r"[\s_-]+", "", label).casefold()


def _declared(label: str, value: Any, *, where: str, notes: list[Sentence]) -> dict[str, float]:
    """Read a metric of the leaderboard; None counts as missing, as on EvalAI."""
    if value is None:
        return {}
    number = _number(value)
    if number is None:
        raise UnusableResult(N_("%(where)s is of type %(kind)s, not a number."), where=where, kind=kind_of(value))
    if not isinstance(value, int | float) or isinstance(value, bool):
        notes.append(
            sentence(
                N_("%(where)s is of type %(kind)s; it was read as %(number)s."),
                where=where,
                kind=kind_of(value),
                number=number,
            )
        )
    return {label: _finite(number, where=where)}


def _extra(label: str, value: Any, *, where: str, notes: list[Sentence]) -> dict[str, float]:
    """Keep a metric that no leaderboard shows if it is a number; else it is not worth losing a score."""
    number = _number(value)
    if number is not None and math.isfinite(number):
        return {label: number}
    notes.append(
        sentence(N_("%(where)s is neither a metric of the leaderboard nor a number; it was left out."), where=where)
    )
    return {}


def _note_missing(
    name: str,
    scores: dict[str, float],
    labels: tuple[str, ...],
    *,
    metrics: dict[str, Any],
    notes: list[Sentence],
) -> None:
    missing = [label for label in labels if label not in scores]
    if missing and len(missing) == len(labels):
        raise UnusableResult(
            N_("The split `%(split)s` has none of its leaderboard's metrics. They are: %(labels)s."),
            split=name,
            labels=", ".join(f"`{label}`" for label in labels),
            detail=_texts(metrics),
        )
    notes += [
        sentence(N_("The split `%(split)s` leaves out the metric `%(label)s`."), split=name, label=label)
        for label in missing
    ]


def _texts(metrics: dict[str, Any]) -> str:
    """Return what stands as text where numbers belong: a script that failed tells its reason there."""
    found = [
        f"{cleaned(key)}: {cleaned(value, limit=2_000)}" for key, value in metrics.items() if isinstance(value, str)
    ]
    return "\n".join(found[:5])


def _number(value: Any) -> float | None:
    """Read a number, a truth value or a number in a text; None for anything else."""
    if isinstance(value, str):
        return float(value) if _WRITTEN_NUMBER.fullmatch(value.strip()) else None
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return math.inf
    return math.inf if isinstance(value, int) and abs(value) >= 1 << 63 else number


def _finite(number: float, *, where: str) -> float:
    if math.isnan(number):
        raise UnusableResult(
            N_("%(where)s is NaN. The script has to decide what a score that cannot be computed is."), where=where
        )
    if math.isinf(number):
        raise UnusableResult(N_("%(where)s is infinite or too large for a score."), where=where)
    return number


def error_bars(bars: dict[str, Any], *, split: str) -> dict[str, float]:
    """Read the error bars of a split by the names of their metrics. Raises UnusableResult."""
    if len(bars) > MOST_METRICS:
        raise UnusableResult(N_("There are %(count)s of them for `%(split)s`."), count=len(bars), split=cleaned(split))
    read: dict[str, float] = {}
    for name, value in bars.items():
        where = f"error {cleaned(split)}.{cleaned(name)}"
        number = _number(value)
        if number is None:
            raise UnusableResult(N_("%(where)s is of type %(kind)s, not a number."), where=where, kind=kind_of(value))
        read[cleaned(name).removeprefix(_ERROR_PREFIX)] = _finite(number, where=where)
    return read
