"""Read the reply of an evaluation as a stranger's JSON: forms, names and numbers."""

import json
from typing import Any

from app.evaluation.outcome import Expected, Refusal, Sheet, cleaned
from app.evaluation.result_forms import UnusableResult, by_split
from app.evaluation.result_scores import error_bars, split_scores
from app.rules.errors import N_
from app.rules.failures import FailureCode
from app.rules.sentences import Sentence, sentence
from evaluation_runtime.protocol import REPLY_LIMIT, VISIBLE_LIMIT, Cause, Reply, Unusable

_LOG_LIMIT = 80_000
_CAUSES = {
    Cause.MODULE: N_(
        "The script imports `%(name)s`, which is not installed on this server. An administrator can build an "
        "environment for this challenge that includes it."
    ),
    Cause.NETWORK: N_(
        "The script tried to reach the network (%(name)s), and there is none while it runs. Put what it needs into the "
        "bundle."
    ),
    Cause.FILE: N_(
        "The script looked for `%(name)s` in its working directory, which is empty at first. The files of the bundle "
        "are next to the script; find them through `__file__`."
    ),
    Cause.FILE_BESIDE: N_(
        "The script looked for `%(name)s` in its working directory, which is empty at first. The file lies beside the "
        'script: open `Path(__file__).parent / "%(name)s"`.'
    ),
}
_UNUSABLE = {
    Unusable.NO_DICT: N_("evaluate() returned %(value)s, not a dict."),
    Unusable.PARTS: N_("%(where)s: the result has more than %(most)s parts."),
    Unusable.DEPTH: N_("%(where)s: the result is nested more than %(most)s levels deep."),
    Unusable.TEXT: N_("%(where)s is a text of %(length)s characters; %(most)s are allowed."),
    Unusable.INTEGER: N_("%(where)s is an integer that is too large for a score."),
    Unusable.NAME: N_("%(where)s: a name is %(value)s; names have to be text."),
    Unusable.NO_NUMBER: N_("%(where)s is %(value)s, not a number."),
    Unusable.LENGTH: N_("The result is %(length)s bytes long; %(most)s are allowed."),
    Unusable.NO_JSON: N_("`%(where)s` cannot be written as JSON (%(value)s); its text was kept."),
    Unusable.LARGE: N_("`%(where)s` is larger than %(most)s KiB; its beginning was kept as text."),
}


def read_result(raw: bytes, *, expected: Expected) -> Sheet | Refusal:
    """Read what a child replied; whatever the bytes are, the answer is a Sheet or a Refusal.

    Extra metrics are kept, missing ones are noted. See `by_split` for the forms of "result".
    """
    try:
        return _read(raw, expected=expected)
    except UnusableResult as problem:
        return Refusal(code=FailureCode.BAD_RESULT, explanation=problem.said, detail=problem.detail)


def _read(raw: bytes, *, expected: Expected) -> Sheet | Refusal:
    if len(raw) > REPLY_LIMIT:
        raise UnusableResult(N_("The result is larger than %(most)s KiB."), most=REPLY_LIMIT // 1024)
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise UnusableResult(N_("The result cannot be read as JSON (%(problem)s)."), problem=cleaned(problem)) from None
    if not isinstance(answer, dict):
        raise UnusableResult(N_("The reply of the evaluation is not a map."))
    if answer.get("kind") != Reply.RETURNED:
        return _no_value(answer)
    return _sheet(answer, expected=expected)


def _no_value(answer: dict[str, Any]) -> Refusal:
    log = cleaned(answer.get("detail", ""), limit=_LOG_LIMIT)
    match answer.get("kind"):
        case Reply.RAISED:
            said = answer.get("for_participant")
            if isinstance(said, str) and said.strip():
                return Refusal(code=FailureCode.INPUT, detail=log, message=cleaned(said, limit=VISIBLE_LIMIT))
            if answer.get("memory") is True:
                return Refusal(code=FailureCode.MEMORY, detail=log)
            return Refusal(code=FailureCode.SCRIPT, explanation=_cause(answer.get("cause")), detail=log)
        case Reply.UNSOUND:
            return Refusal(code=FailureCode.SCRIPT, detail=log)
        case Reply.EXITED:
            said = sentence(N_("The script called sys.exit()."))
            return Refusal(code=FailureCode.NO_RESULT, explanation=said, detail=log)
        case Reply.UNUSABLE:
            said = _about_a_part(answer)
            return Refusal(code=FailureCode.BAD_RESULT, explanation=said)
    raise UnusableResult(N_("The reply of the evaluation is of no known kind."))


def _cause(said: Any) -> Sentence | None:
    """Put the child's guess at what stopped the script into a sentence of ours."""
    message = _CAUSES.get(said.get("code", "")) if isinstance(said, dict) else None
    return sentence(message, name=cleaned(said.get("name", "…"))) if message else None


def _about_a_part(said: Any) -> Sentence:
    """Put what the child says of a part of the result into a sentence of ours; its own words are only values."""
    values = said if isinstance(said, dict) else {}
    message = _UNUSABLE.get(values.get("code", ""), _UNUSABLE[Unusable.NO_NUMBER])
    named = {name: cleaned(values.get(name, "…"), limit=600) for name in ("where", "value", "length", "most")}
    return sentence(message, **{name: text for name, text in named.items() if f"%({name})s" in message})


def _sheet(answer: dict[str, Any], *, expected: Expected) -> Sheet:
    value = answer.get("value")
    if not isinstance(value, dict) or "result" not in value:
        raise _without_result(answer)
    notes = [_about_a_part(note) for note in _list(answer.get("notes"))[:20]]
    found = by_split(value["result"], where="result", notes=notes)
    if not any(found.values()):
        raise UnusableResult(N_("The result is empty: no split has a metric."), detail=_said(answer))
    _check_names(found, expected=expected, notes=notes)
    errors = _error_bars(value.get("error"), notes=notes)
    splits = tuple(
        split_scores(name, metrics, errors=errors, expected=expected, notes=notes) for name, metrics in found.items()
    )
    return Sheet(
        splits=splits,
        submission_result=_attachment(answer.get("submission_result")),
        submission_metadata=_attachment(answer.get("submission_metadata")),
        notes=_once(notes),
    )


def _without_result(answer: dict[str, Any]) -> UnusableResult:
    value = answer.get("value")
    keys = [*(value if isinstance(value, dict) else ()), *_list(answer.get("others"))]
    others = ", ".join(f"'{cleaned(key)}'" for key in keys)
    if not others:
        message = N_(
            "evaluate() returned an empty dict, without the key 'result', as scripts do that do not know the codename "
            "of the phase."
        )
        return UnusableResult(message, detail=_said(answer))
    message = N_("evaluate() returned a dict without the key 'result', only with %(others)s.")
    return UnusableResult(message, detail=_said(answer), others=others)


def _said(answer: dict[str, Any]) -> str:
    """Return what the script says under `error`, `stderr` and the like: it failed and told why in its own way."""
    said = answer.get("said")
    pairs = list(said.items())[:5] if isinstance(said, dict) else []
    told = answer.get("submission_result")
    if not pairs and isinstance(told, str):
        pairs = [("submission_result", told)]
    return "\n".join(f"{cleaned(key)}: {cleaned(text, limit=2_000)}" for key, text in pairs)


def _check_names(found: dict[str, dict[str, Any]], *, expected: Expected, notes: list[Sentence]) -> None:
    unknown = [cleaned(split) for split in found if split not in expected.splits]
    if unknown:
        raise UnusableResult(
            N_("The result names the split `%(split)s`, which this phase does not have. It has: %(declared)s."),
            split=unknown[0],
            declared=", ".join(f"`{split}`" for split in expected.splits) or "–",
        )
    notes += [
        sentence(N_("The result leaves out the split `%(split)s`."), split=split)
        for split in expected.splits
        if split not in found
    ]


def _error_bars(error: Any, *, notes: list[Sentence]) -> dict[str, dict[str, float]]:
    """Error bars are a nicety: what cannot be read is left out with a note, and the scores stand."""
    if error is None:
        return {}
    try:
        found = by_split(error, where="error", notes=notes)
        return {split: error_bars(bars, split=split) for split, bars in found.items()}
    except UnusableResult as problem:
        if isinstance(error, str):
            notes.append(sentence(N_("The script says under `error`: %(text)s"), text=cleaned(error, limit=600)))
        else:
            notes.append(sentence(N_("The error bars were left out. %(problem)s"), problem=problem.said))
        return {}


def _attachment(value: Any) -> str | None:
    return cleaned(value, limit=REPLY_LIMIT) if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _once(notes: list[Sentence]) -> tuple[Sentence, ...]:
    return tuple({repr(note): note for note in notes}.values())
