"""Turn a collected run into its outcome: the reply if it is sound, else the reason for there being none."""

import json
import os
import signal
from typing import Any

from app.evaluation.collecting import Collected
from app.evaluation.outcome import Expected, Failed, Outcome, Refusal, Scored
from app.evaluation.result_reader import read_result
from app.rules.failures import FailureCode
from evaluation_runtime.protocol import NO_REPLY, NO_WALLS, Ending, Reply

_STOPPED = {
    FailureCode.TIME: "It ran into the time limit and was killed.",
    FailureCode.OUTPUT: "It printed more than allowed and was killed. The head and the tail of it were kept.",
    FailureCode.CANCELLED: "It was cancelled while it ran.",
}
_EXITS = {
    0: (FailureCode.NO_RESULT, "It left with os._exit(0) or the like before evaluate() returned."),
    NO_WALLS: (FailureCode.OURS, "Its walls could not be put up; the log says which."),
    NO_REPLY: (FailureCode.CRASH, "It could not write its result, as happens when memory has run out."),
    -signal.SIGKILL: (FailureCode.MEMORY, "The system killed it, as it does when memory runs out."),
}


def judge(collected: Collected, *, expected: Expected) -> Outcome:
    """Read the reply of an evaluation, or explain why there is none."""
    if collected.stopped is not None or collected.reply is None:
        return why_not(collected)
    read = read_result(collected.reply, expected=expected)
    if isinstance(read, Refusal):
        return failed(read.code, read.detail, collected=collected, message=read.message)
    return Scored(
        splits=read.splits,
        submission_result=read.submission_result,
        submission_metadata=read.submission_metadata,
        notes=read.notes,
        logs=collected.logs,
        seconds=collected.seconds,
        peak_bytes=_peak_bytes(collected),
    )


def why_not(collected: Collected) -> Failed:
    """Say why a run has no reply."""
    if collected.stopped is not None:
        return failed(collected.stopped, _STOPPED[collected.stopped], collected=collected)
    ending = collected.ending
    if ending is None:
        return failed(FailureCode.OURS, "The process that runs evaluations ended meanwhile.", collected=collected)
    code, detail = _from_status(ending)
    if collected.is_foreign and code is FailureCode.NO_RESULT:
        detail += " Something that is not a reply was written to the descriptor for the reply."
    return failed(code, detail, collected=collected)


def failed(code: FailureCode, detail: str, *, collected: Collected, message: str = "") -> Failed:
    """Give a failure with what the run left."""
    return Failed(
        code=code,
        detail=detail,
        message=message,
        logs=collected.logs,
        seconds=collected.seconds,
        peak_bytes=_peak_bytes(collected),
    )


def reply_kind(collected: Collected) -> tuple[Reply | None, dict[str, Any]]:
    """Read what kind of reply a check or a probe gave; None for anything that is not one."""
    try:
        answer = json.loads(collected.reply or b"")
        return Reply(answer["kind"]), answer
    except (ValueError, RecursionError, TypeError, KeyError):
        return None, {}


def _from_status(ending: Ending) -> tuple[FailureCode, str]:
    if ending.killed_for_memory:
        return FailureCode.MEMORY, ending.detail
    if ending.status < 0:
        return FailureCode.OURS, f"No process could be started for it: {ending.detail}."
    code = os.waitstatus_to_exitcode(ending.status)
    if code in _EXITS:
        return _EXITS[code]
    if code < 0:
        return FailureCode.CRASH, f"It died of signal {-code} ({signal.strsignal(-code)})."
    return FailureCode.CRASH, f"Its process ended with status {code} before evaluate() returned."


def _peak_bytes(collected: Collected) -> int:
    if collected.ending is not None:
        return collected.ending.peak_bytes
    _, answer = reply_kind(collected)
    peak = answer.get("peak")
    # The child's own word, so only ever shown.
    return peak if isinstance(peak, int) and 0 <= peak < 1 << 50 else 0
