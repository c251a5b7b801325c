"""Read the reply of an evaluation as a stranger's JSON: forms, names and numbers."""

import json
import math
from typing import Any

from app.evaluation.outcome import Expected, Refusal, Sheet, SplitScores
from app.rules.failures import FailureCode
from evaluation_runtime.protocol import REPLY_LIMIT, TEXT_LIMIT, VISIBLE_LIMIT, Reply

MOST_METRICS = 100
_NAME_LIMIT = 200
_ERROR_PREFIX = "error_"


class _BadResultError(Exception):
    """A sentence for the host that says what cannot be used."""


def read_result(raw: bytes, *, expected: Expected) -> Sheet | Refusal:
    """Read what a child replied; whatever the bytes are, the answer is a Sheet or a Refusal.

    Forms of "result": a list of maps from split to metrics, one map, several splits in a map, and the form
    with split, show_to_participant and accuracies. Extra metrics are kept, missing ones are noted.
    """
    if len(raw) > REPLY_LIMIT:
        return _bad(f"The result is larger than {REPLY_LIMIT // 1024} KiB.")
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        return _bad(f"The result cannot be read as JSON ({str(problem)[:200]}).")
    if not isinstance(answer, dict):
        return _bad("The reply is not a map.")
    if answer.get("kind") != Reply.RETURNED:
        return _no_value(answer)
    try:
        return _sheet(answer, expected=expected)
    except _BadResultError as problem:
        return _bad(str(problem))


def _bad(detail: str) -> Refusal:
    return Refusal(code=FailureCode.BAD_RESULT, detail=clean(detail, limit=TEXT_LIMIT))


def clean(value: object, *, limit: int = _NAME_LIMIT) -> str:
    """Make text safe to store and to show: no NUL, no half characters, not endless."""
    text = str(value).replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
    return text if len(text) <= limit else f"{text[:limit]}…"


def _no_value(answer: dict[str, Any]) -> Refusal:
    detail = clean(answer.get("detail", ""), limit=80_000)
    match answer.get("kind"):
        case Reply.RAISED:
            said = answer.get("for_participant")
            if isinstance(said, str) and said.strip():
                return Refusal(code=FailureCode.INPUT, detail=detail, message=clean(said, limit=VISIBLE_LIMIT))
            code = FailureCode.MEMORY if answer.get("memory") is True else FailureCode.SCRIPT
            return Refusal(code=code, detail=detail)
        case Reply.UNSOUND:
            return Refusal(code=FailureCode.SCRIPT, detail=detail)
        case Reply.EXITED:
            return Refusal(code=FailureCode.NO_RESULT, detail=f"The script called sys.exit().\n{detail}")
        case Reply.UNUSABLE:
            return _bad(f"{clean(answer.get('where', ''))}: {clean(answer.get('problem', ''), limit=1000)}.")
    return _bad("The reply is of no known kind.")


def _sheet(answer: dict[str, Any], *, expected: Expected) -> Sheet:
    value = answer.get("value")
    if not isinstance(value, dict) or "result" not in value:
        others = ", ".join(clean(key) for key in _list(answer.get("others")))
        raise _BadResultError(
            f"evaluate() returned a dict without the key 'result'{f', only {others}' if others else ''}."
        )
    notes = [clean(note, limit=1000) for note in _list(answer.get("notes"))[:20]]
    found = _by_split(value["result"], where="result", notes=notes)
    _check_names(found, expected=expected, notes=notes)
    errors = _error_bars(value.get("error"), notes=notes)
    return Sheet(
        splits=tuple(
            _split(name, metrics, errors=errors, expected=expected, notes=notes) for name, metrics in found.items()
        ),
        submission_result=_attachment(answer.get("submission_result")),
        submission_metadata=_attachment(answer.get("submission_metadata")),
        notes=tuple(dict.fromkeys(notes)),
    )


def _by_split(result: Any, *, where: str, notes: list[str]) -> dict[str, dict[str, Any]]:
    entries = [result] if isinstance(result, dict) else result
    if not isinstance(entries, list):
        raise _BadResultError(f"{where} is {_type(result)}, not a list of maps.")
    found: dict[str, dict[str, Any]] = {}
    for index, entry in enumerate(entries):
        place = f"{where}[{index}]"
        if not isinstance(entry, dict):
            raise _BadResultError(f"{place} is {_type(entry)}, not a map from a dataset split to its metrics.")
        for split, metrics in _unfolded(entry).items():
            if not isinstance(metrics, dict):
                raise _BadResultError(f"{place}.{clean(split)} is {_type(metrics)}, not a map from metric to number.")
            if split in found:
                notes.append(f"The split '{clean(split)}' is in the {where} more than once; the first was taken.")
            found.setdefault(split, metrics)
    if not any(found.values()):
        raise _BadResultError(f"The {where} is empty: no split has a metric.")
    return found


def _unfolded(entry: dict[str, Any]) -> dict[str, Any]:
    """The form of EvalAI's remote interface: {split, show_to_participant, accuracies}."""
    if isinstance(entry.get("split"), str) and isinstance(entry.get("accuracies"), dict):
        return {entry["split"]: entry["accuracies"]}
    return entry


def _check_names(found: dict[str, dict[str, Any]], *, expected: Expected, notes: list[str]) -> None:
    unknown = [clean(split) for split in found if split not in expected.splits]
    if unknown:
        declared = ", ".join(f"'{split}'" for split in expected.splits) or "none"
        raise _BadResultError(
            f"The result names the split '{unknown[0]}', which this phase does not have. It has: {declared}."
        )
    notes += [f"The result leaves out the split '{split}'." for split in expected.splits if split not in found]


def _split(
    name: str, metrics: dict[str, Any], *, errors: dict[str, dict[str, float]], expected: Expected, notes: list[str]
) -> SplitScores:
    if len(metrics) > MOST_METRICS:
        raise _BadResultError(f"The split '{name}' has {len(metrics)} metrics; {MOST_METRICS} are allowed.")
    scores = {clean(label): _score(value, where=f"{name}.{clean(label)}") for label, value in metrics.items()}
    labels = expected.labels.get(name, ())
    missing = [label for label in labels if label not in scores]
    if missing and len(missing) == len(labels):
        wanted = ", ".join(f"'{label}'" for label in labels)
        raise _BadResultError(f"The split '{name}' has none of its leaderboard's metrics. They are: {wanted}.")
    notes += [f"The split '{name}' leaves out the metric '{label}'." for label in missing]
    return SplitScores(split=name, scores=scores, errors=errors.get(name, {}))


def _score(value: Any, *, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _BadResultError(f"{where} is {_type(value)}, not a number.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if isinstance(value, int) and abs(value) >= 1 << 63:
        number = math.inf
    if math.isnan(number):
        raise _BadResultError(f"{where} is NaN. The script has to decide what a score that cannot be computed is.")
    if math.isinf(number):
        raise _BadResultError(f"{where} is infinite or too large for a score.")
    return number


def _error_bars(error: Any, *, notes: list[str]) -> dict[str, dict[str, float]]:
    """Error bars are a nicety: what cannot be read is left out with a note, and the scores stand."""
    if error is None:
        return {}
    try:
        found = _by_split(error, where="error", notes=notes)
        return {split: _bars(bars, split=split) for split, bars in found.items()}
    except _BadResultError as problem:
        notes.append(f"The error bars were left out. {problem}")
        return {}


def _bars(bars: dict[str, Any], *, split: str) -> dict[str, float]:
    if len(bars) > MOST_METRICS:
        raise _BadResultError(f"There are {len(bars)} of them for '{clean(split)}'.")
    return {
        clean(label).removeprefix(_ERROR_PREFIX): _score(value, where=f"error {clean(split)}.{clean(label)}")
        for label, value in bars.items()
    }


def _attachment(value: Any) -> str | None:
    return clean(value, limit=REPLY_LIMIT) if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _type(value: Any) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"
