"""What a process and everything below it uses, read from /proc (Linux)."""

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
NANOSECONDS = 1_000_000_000
KIB = 1024


def tree(root: int) -> list[int]:
    """Return this process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def cpu_seconds(processes: Iterable[int]) -> float:
    """Return the processor time these processes have used so far, to the microsecond."""
    total = 0
    for process in processes:
        with contextlib.suppress(OSError):
            for thread in (PROC / str(process) / "task").iterdir():
                with contextlib.suppress(OSError):
                    total += int((thread / "schedstat").read_text().split()[0])
    return total / NANOSECONDS


def shared_out_bytes(processes: Iterable[int]) -> int:
    """Return the proportional set size: memory shared by n processes counts an nth for each."""
    return sum(_kib(process, "smaps_rollup", "Pss:") for process in processes) * KIB


def resident_bytes(process: int) -> int:
    """Return what of the process lies in memory now."""
    return _kib(process, "status", "VmRSS:") * KIB


def peak_bytes(process: int) -> int:
    """Return the most that ever lay in memory since `forget_peak`."""
    return _kib(process, "status", "VmHWM:") * KIB


def forget_peak(process: int) -> None:
    """Begin to watch for the peak anew."""
    (PROC / str(process) / "clear_refs").write_text("5")


def nameless_bytes(process: int) -> int:
    """Return what the process keeps on disk in files that have no name any more, as temporary files have none."""
    total = 0
    with contextlib.suppress(OSError):
        for descriptor in (PROC / str(process) / "fd").iterdir():
            with contextlib.suppress(OSError):
                about = descriptor.stat()
                if stat.S_ISREG(about.st_mode) and about.st_nlink == 0:
                    total += about.st_blocks * 512
    return total


def folder_bytes(folder: Path) -> int:
    """Return what the files below a folder take on disk; a file with two names counts once."""
    seen: dict[int, int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                about = Path(place, name).lstat()
                seen[about.st_ino] = about.st_blocks * 512
    return sum(seen.values())


def _kib(process: int, file: str, field: str) -> int:
    with contextlib.suppress(OSError):
        for line in (PROC / str(process) / file).read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1])
    return 0
