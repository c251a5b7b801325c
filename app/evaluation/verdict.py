"""Turn a collected run into its outcome: the reply if it is sound, else the reason for there being none."""

import json
import os
import signal
from typing import Any

from app.evaluation.collecting import Collected
from app.evaluation.outcome import Expected, Failed, Outcome, Refusal, Scored
from app.evaluation.result_reader import read_result
from app.rules.errors import N_
from app.rules.failures import FailureCode
from app.rules.sentences import Sentence, sentence
from evaluation_runtime.protocol import NO_REPLY, NO_WALLS, Ending, Reply

_STOPPED = {
    FailureCode.TIME: N_("It reached the time limit and was stopped."),
    FailureCode.OUTPUT: N_(
        "It printed more than allowed and was stopped. The beginning and the end of the output were kept."
    ),
    FailureCode.CANCELLED: N_("It was cancelled while it ran."),
}
_EXITS = {
    0: (FailureCode.NO_RESULT, N_("It ended by os._exit(0) or something similar before evaluate() returned.")),
    NO_WALLS: (FailureCode.OURS, N_("It could not be walled off; the log says which part failed.")),
    NO_REPLY: (FailureCode.CRASH, N_("It could not write its result, as happens when memory has run out.")),
    -signal.SIGKILL: (FailureCode.MEMORY, N_("The system killed it, as it does when memory runs out.")),
}


def judge(collected: Collected, *, expected: Expected) -> Outcome:
    """Read the reply of an evaluation, or explain why there is none."""
    if collected.stopped is not None or collected.reply is None:
        return why_not(collected)
    read = read_result(collected.reply, expected=expected)
    if isinstance(read, Refusal):
        return failed(read.code, read.explanation, collected=collected, detail=read.detail, message=read.message)
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
        return failed(collected.stopped, sentence(_STOPPED[collected.stopped]), collected=collected)
    ending = collected.ending
    if ending is None:
        said = sentence(N_("The process that runs evaluations ended in the meantime."))
        return failed(FailureCode.OURS, said, collected=collected)
    code, said = _from_status(ending)
    detail = ending.detail if ending.killed_for_memory else ""
    if collected.is_foreign and code is FailureCode.NO_RESULT:
        detail = "Something that is not a reply was written to the descriptor for the reply."
    return failed(code, said, collected=collected, detail=detail)


def failed(
    code: FailureCode, explanation: Sentence | None, *, collected: Collected, detail: str = "", message: str = ""
) -> Failed:
    """Give a failure with what the run left."""
    return Failed(
        code=code,
        explanation=explanation,
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


def _from_status(ending: Ending) -> tuple[FailureCode, Sentence]:
    if ending.killed_for_memory:
        return FailureCode.MEMORY, sentence(N_("It was stopped because it used too much of this machine."))
    if ending.status < 0:
        return FailureCode.OURS, sentence(N_("No process could be started for it: %(problem)s."), problem=ending.detail)
    code = os.waitstatus_to_exitcode(ending.status)
    if code in _EXITS:
        kind, message = _EXITS[code]
        return kind, sentence(message)
    if code < 0:
        said = sentence(
            N_("It died of signal %(number)s (%(name)s)."), number=-code, name=signal.strsignal(-code) or ""
        )
    else:
        said = sentence(N_("Its process ended with status %(code)s before evaluate() returned."), code=code)
    return FailureCode.CRASH, said


def _peak_bytes(collected: Collected) -> int:
    if collected.ending is not None:
        return collected.ending.peak_bytes
    _, answer = reply_kind(collected)
    peak = answer.get("peak")
    # The child's own word, so only ever shown.
    return peak if isinstance(peak, int) and 0 <= peak < 1 << 50 else 0
