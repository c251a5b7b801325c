"""Do a child's work behind its walls and send one reply."""

import array
import errno
import json
import os
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from evaluation_runtime import causes, linux, plain, probe, script
from evaluation_runtime.protocol import (
    ANNOTATION,
    REPLY_LIMIT,
    SUBMISSION,
    TEXT_LIMIT,
    VISIBLE_ERROR,
    Kind,
    Reply,
    Request,
    Unusable,
    frame,
)

_TRACEBACK_LIMIT = 64 * 1024
_OUT_OF_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.ENOMEM)

Answer = dict[str, Any]


def run(request: Request, *, job: str, reply: int) -> None:
    """Do what the request asks and write the reply, whatever the script throws; the caller ends the process."""
    started = time.perf_counter()
    work: Callable[[Request, str], Answer] = _WORK[request.kind]
    try:
        answer = work(request, job)
    except SystemExit as ending:
        answer = {"kind": Reply.EXITED, "detail": _traceback(ending, job)}
    except plain.UnusableError as problem:
        answer = {"kind": Reply.UNUSABLE, **problem.said}
    except script.UnsoundScriptError as problem:
        answer = {"kind": Reply.UNSOUND, "detail": str(problem)}
    except BaseException as problem:  # noqa: BLE001 - a script may raise anything, KeyboardInterrupt included
        answer = {
            "kind": Reply.RAISED,
            "type": type(problem).__name__,
            "memory": isinstance(problem, MemoryError) or getattr(problem, "errno", None) in _OUT_OF_SPACE,
            "for_participant": _for_participant(problem),
            "cause": causes.cause_of(
                problem, package=script.package_folder(job, challenge_number=request.challenge_number)
            ),
            "detail": _traceback(problem, job),
        }
    answer |= {"seconds": time.perf_counter() - started, "peak": _peak_bytes()}
    _flush()
    _send(reply, frame(request.token, _body(answer)))


def _evaluate(request: Request, job: str) -> Answer:
    evaluate = script.load(job, challenge_number=request.challenge_number)
    paths = (_path(job, ANNOTATION, request.annotation), _path(job, SUBMISSION, request.submission))
    # Positions, because scripts name their parameters as they like.
    if script.takes_metadata(evaluate):
        value = evaluate(*paths, request.phase_codename, submission_metadata=request.submission_metadata)
    else:
        value = evaluate(*paths, request.phase_codename)
    return {"kind": Reply.RETURNED, **plain.returned(value)}


def _check(request: Request, job: str) -> Answer:
    script.examine(script.load(job, challenge_number=request.challenge_number))
    return {"kind": Reply.SOUND}


def _probe(request: Request, job: str) -> Answer:
    return {"kind": Reply.PROBED, "findings": probe.try_walls(request, job=job)}


_WORK = {Kind.EVALUATE: _evaluate, Kind.CHECK: _check, Kind.PROBE: _probe}


def _path(job: str, folder: str, name: str | None) -> str | None:
    return None if name is None else f"{job}/{folder}/{name}"


def reseed() -> None:
    """Give this child random numbers of its own."""
    # Every child inherits the same state; os.fork has the random module reseeded, numpy not.
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        # Left to itself it would do the same, ten times as slowly.
        numpy.random.seed(array.array("I", os.urandom(32)))


def _traceback(problem: BaseException, job: str) -> str:
    """Write the traceback from the first frame of the job on: what is before is not the host's."""
    step = problem.__traceback__
    while step is not None and not step.tb_frame.f_code.co_filename.startswith(job):
        step = step.tb_next
    try:
        text = "".join(traceback.format_exception(type(problem), problem, step))
    except Exception as second:  # noqa: BLE001 - an exception's own __str__ may raise anything
        text = f"{type(problem).__name__} (its text cannot be shown: {type(second).__name__})"
    return (
        text
        if len(text) <= _TRACEBACK_LIMIT
        else f"{text[: _TRACEBACK_LIMIT // 2]}\n…\n{text[-_TRACEBACK_LIMIT // 2 :]}"
    )


def _for_participant(problem: BaseException) -> str | None:
    """Give the text of an exception that its class, by name, means for the participant; None for every other.

    The name is Kaggle's. Anything else an exception says may hold labels.
    """
    if all(kind.__name__ != VISIBLE_ERROR for kind in type(problem).__mro__):
        return None
    try:
        return str(problem)[:TEXT_LIMIT]
    except Exception:  # noqa: BLE001 - an exception's own __str__ may raise anything
        return None


def _peak_bytes() -> int:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) * 1024


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            # The script may have closed or replaced it.
            continue
    linux.flush_c_streams()


def _body(answer: Answer) -> bytes:
    body = json.dumps(answer).encode()
    if len(body) <= REPLY_LIMIT:
        return body
    too_long = {"kind": Reply.UNUSABLE, "code": Unusable.LENGTH, "length": len(body), "most": REPLY_LIMIT}
    return json.dumps(too_long).encode()


def _send(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
