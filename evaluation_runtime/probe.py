"""Try the walls from inside: the same child, the same walls, and code that wants out.

Each finding is None when the wall held, else a phrase that says what got through.
"""

import ctypes
import importlib
import mmap
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from evaluation_runtime import landlock, linux
from evaluation_runtime.protocol import Request

Finding = str | None


def try_walls(request: Request, *, job: str) -> dict[str, Finding]:
    """Try the walls that the request names; the order keeps an early trial from spoiling a later one."""
    trials: dict[str, Callable[[], Finding]] = {
        "runtime": _runtime,
        "files": lambda: _files(request, job),
        "job_read_only": lambda: _job_read_only(job),
        "environment": _environment,
        "network": lambda: _network(request.port),
        "other_processes": lambda: "processes outside can be seen" if _others() else None,
        "signals": _signals,
        "privileges": _privileges,
        "system_calls": _system_calls,
        "landlock": _landlock,
        "memory": lambda: _memory(request.walls.memory_bytes),
        "scratch": lambda: _scratch(request.walls.scratch_bytes),
        "processes": lambda: _processes(request.walls.processes),
        "escape": _escape,
    }
    return {name: _trial(trial) for name, trial in trials.items() if name in request.trials}


def _trial(trial: Callable[[], Finding]) -> Finding:
    try:
        return trial()
    except Exception as problem:  # noqa: BLE001 - a trial that breaks proves nothing, so the wall counts as open
        return f"the trial itself failed ({type(problem).__name__}: {problem})"


def _runtime() -> Finding:
    """A user that cannot read the interpreter only shows when something is imported late."""
    for name in ("wave", "numpy.polynomial", "pandas.io.formats.style"):
        try:
            importlib.import_module(name)
        except ImportError as problem:
            if name == "wave":
                return f"the interpreter cannot be read ({problem})"
    return None


def _files(request: Request, job: str) -> Finding:
    outside = Path(job).parent
    for path in (*request.canaries, "/etc/passwd", "/etc/shadow", "/root/.bashrc", str(outside / "canary")):
        try:
            Path(path).open("rb").close()
        except OSError:
            continue
        return "a file outside could be read"
    for folder in ("/", "/usr", "/dev", "/etc", "/var/tmp", str(outside)):
        try:
            os.close(os.open(f"{folder}/written-by-probe", os.O_CREAT | os.O_WRONLY))
        except OSError:
            continue
        return f"a file could be written in {folder}"
    return None


def _job_read_only(job: str) -> Finding:
    try:
        os.close(os.open(f"{job}/written-by-probe", os.O_CREAT | os.O_WRONLY))
    except OSError:
        return None
    return "the job's own folder could be written"


def _environment() -> Finding:
    surprising = set(os.environ) - set(ENVIRONMENT_NAMES)
    return f"names that were not given: {', '.join(sorted(surprising)[:5])}" if surprising else None


def _network(port: int) -> Finding:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_INET, kind) as connection:
                connection.settimeout(1)
                connection.connect(("127.0.0.1", port))
        except OSError:
            continue
        return "a connection to this server's own address was possible"
    return None


def _others() -> list[int]:
    found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [process for process in found if process != os.getpid()]


def _signals() -> Finding:
    for process in _others():
        try:
            os.kill(process, 0)
        except OSError:
            continue
        return "a process outside could be signalled"
    return None


def _privileges() -> Finding:
    with Path("/proc/self/status").open() as file:
        status = {name: value.strip() for name, _, value in (line.partition(":") for line in file)}
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        if int(status.get(name, "1"), 16):
            return f"{name} is {status.get(name)}"
    return None if status.get("NoNewPrivs") == "1" else "new privileges could be gained"


def _system_calls() -> Finding:
    for name, flags in (("user", linux.CLONE_NEWUSER), ("mount", linux.CLONE_NEWNS)):
        try:
            linux.unshare(flags)
        except OSError:
            continue
        return f"a new {name} namespace could be made"
    if ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0:
        return "ptrace is open"
    return None if "Seccomp:\t2" in Path("/proc/self/status").read_text() else "there is no filter of system calls"


def _landlock() -> Finding:
    return None if landlock.version() else "this kernel has no Landlock"


def _memory(limit: int) -> Finding:
    try:
        mmap.mmap(-1, limit * 2).close()
    except (OSError, MemoryError):
        return None
    return "more memory than allowed could be had"


def _scratch(limit: int) -> Finding:
    path = Path(os.environ["TMPDIR"], "fill")
    block = b"x" * (1024 * 1024)
    try:
        with path.open("wb", buffering=0) as file:
            for _ in range(limit // len(block) + 2):
                if file.write(block) < len(block):
                    return None
    except OSError:
        return None
    finally:
        path.unlink()
    return "more scratch space than allowed could be filled"


def _processes(limit: int) -> Finding:
    """Fork past the limit; the children wait on a pipe and leave when this end of it is closed."""
    reading, writing = os.pipe()
    children: list[int] = []
    finding: Finding = "more processes than allowed could be started"
    try:
        for _ in range(limit + 8):
            child = os.fork()
            if child == 0:
                os.close(writing)
                os.read(reading, 1)
                os._exit(0)
            children.append(child)
    except BlockingIOError:
        finding = None
    os.close(writing)
    os.close(reading)
    for child in children:
        os.waitpid(child, 0)
    return finding


def _escape() -> Finding:
    """Leave a process behind that no process group holds; the worker looks whether it dies with the run."""
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    os.waitpid(child, 0)
    return None


ENVIRONMENT_NAMES = (
    "GLIBC_TUNABLES", "HOME", "LANG", "LOGNAME", "LC_CTYPE", "MPLBACKEND", "MPLCONFIGDIR", "PATH", "PWD", "PYTHONPATH",
    "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "TMPDIR", "USER", "JOBLIB_TEMP_FOLDER", "KMP_INIT_AT_FORK",
    "KMP_DUPLICATE_LIB_OK", "BLIS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "SHLVL", "_",
)  # fmt: skip
