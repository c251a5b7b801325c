"""What stopped a script, where the exception alone would leave its host guessing."""

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from evaluation_runtime.protocol import Cause

_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
_DEEPEST = 20
_LONGEST = 200


def cause_of(problem: BaseException, *, package: str) -> dict[str, str] | None:
    """Name a missing module, the missing network, or a file looked for in the wrong place; None for all else.

    `package` is the folder of the script.
    """
    for step in _chain(problem):
        if isinstance(step, ModuleNotFoundError) and step.name:
            return {"code": Cause.MODULE, "name": step.name.partition(".")[0][:_LONGEST]}
        if isinstance(step, OSError) and _is_about_network(step):
            return {"code": Cause.NETWORK, "name": type(problem).__name__[:_LONGEST]}
        if isinstance(step, FileNotFoundError) and isinstance(step.filename, str) and step.filename:
            return _missing_file(step.filename, package)
    return None


def _is_about_network(problem: OSError) -> bool:
    # The walls refuse a connection as they refuse a file, but a file would have its name here.
    is_refused = problem.errno == errno.EACCES and problem.filename is None
    return isinstance(problem, socket.gaierror) or is_refused or problem.errno in _NO_WAY


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those it came from, as a traceback shows them."""
    step: BaseException | None = problem
    for _ in range(_DEEPEST):
        if step is None:
            return
        yield step
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)


def _missing_file(name: str, package: str) -> dict[str, str] | None:
    if os.path.isabs(name):  # noqa: PTH117 - a name, not a path of ours
        return None
    try:
        is_beside = Path(package, name).exists()
    except (OSError, ValueError):
        is_beside = False
    return {"code": Cause.FILE_BESIDE if is_beside else Cause.FILE, "name": name[:_LONGEST]}
