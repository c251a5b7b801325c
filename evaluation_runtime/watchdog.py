"""How much memory and how many processes each running child uses, with everything it started.

Trees of parents are exact here: what loses its parent goes to the child, the first process of its namespace.
"""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_FLOOR_BYTES = 512 * 1024 * 1024
_FLOOR_SHARE = 20


@dataclass(frozen=True)
class Usage:
    """`resident` counts pages shared with the warm parent once per process, so it is an upper bound."""

    resident: int
    processes: tuple[int, ...]


def usage(roots: list[int]) -> dict[int, Usage]:
    """Add up each root's tree; a root that has gone has an empty one."""
    resident: dict[int, int] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for name in os.listdir("/proc"):  # noqa: PTH208 - ten times a second, so no objects per name
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123 - as above
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            resident[int(name)] = int(fields[21]) * _PAGE
            children[int(fields[1])].append(int(name))
    return {root: _tree(root, resident=resident, children=children) for root in roots}


def exact_bytes(processes: tuple[int, ...]) -> int:
    """Add up the proportional sizes: shared pages count once. Dear (milliseconds), so only when it matters."""
    total = 0
    for process in processes:
        try:
            with Path(f"/proc/{process}/smaps_rollup").open("rb") as file:
                total += next((int(line.split()[1]) * 1024 for line in file if line.startswith(b"Pss:")), 0)
        except OSError:
            continue
    return total


def is_memory_short() -> bool:
    """Say whether the machine itself is about to run out: then somebody has to go before the kernel chooses."""
    total = available = 0
    with Path("/proc/meminfo").open("rb") as file:
        for line in file:
            if line.startswith(b"MemTotal:"):
                total = int(line.split()[1]) * 1024
            elif line.startswith(b"MemAvailable:"):
                available = int(line.split()[1]) * 1024
                break
    return available < min(_FLOOR_BYTES, total // _FLOOR_SHARE)


def _tree(root: int, *, resident: dict[int, int], children: dict[int, list[int]]) -> Usage:
    found, waiting, total = [], [root] if root in resident else [], 0
    while waiting:
        process = waiting.pop()
        found.append(process)
        total += resident[process]
        waiting += children[process]
    return Usage(total, tuple(found))
