"""Resource limits of one child; each is per process, the count of processes per user."""

import os
import resource
from pathlib import Path

from evaluation_runtime.protocol import Walls

# a core dump would hold the labels that a script has read
_NO_CORE_DUMP = 0


def apply(walls: Walls, *, processes: int, already_mapped: int) -> None:
    """Set the limits of this process and all that it starts. Raises OSError, ValueError.

    The memory limit is per process and gives a clean MemoryError; the sum over processes is the watchdog's.
    """
    # What the warm parent has mapped already is shared and not the script's.
    memory = walls.memory_bytes + already_mapped
    limits = {
        resource.RLIMIT_CORE: _NO_CORE_DUMP,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: walls.file_bytes,
        resource.RLIMIT_NOFILE: walls.open_files,
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_MEMLOCK: 1024 * 1024,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for limit, value in limits.items():
        _lower(limit, value)


def mapped_bytes() -> int:
    """Give the size of this process's address space."""
    return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()


def running_of_this_user() -> int:
    """Count the processes and threads of this process's user that can be seen."""
    count, user = 0, os.geteuid()
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if process.stat().st_uid == user:
                    count += sum(1 for _ in (process / "task").iterdir())
            except OSError:
                continue
    return count


def _lower(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))
