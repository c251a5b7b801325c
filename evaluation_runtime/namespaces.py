"""Namespaces of one child: its own processes, its own mounts, its own count of processes."""

import os
from collections.abc import Iterable
from pathlib import Path

from evaluation_runtime.linux import (
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    mount,
    set_namespace,
    unshare,
)
from evaluation_runtime.protocol import Walls

JOB = "/job"
SCRATCH = "/tmp"
SHARED_MEMORY = "/dev/shm"
_INODES = 50_000


class Processes:
    """Forks children that are each the first process of a namespace of their own.

    unshare + os.fork + setns instead of one raw clone: the interpreter's own handlers must run,
    or every child would have the same random numbers.
    """

    def __init__(self) -> None:
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def fork(self) -> int:
        """Fork as os.fork does; the child sees no process but itself. Raises OSError."""
        unshare(CLONE_NEWPID)
        try:
            process = os.fork()
        except OSError:
            set_namespace(self._own, CLONE_NEWPID)
            raise
        if process:
            set_namespace(self._own, CLONE_NEWPID)
        return process


def keep_mounts_private() -> None:
    """Keep what children mount from showing anywhere else. Raises OSError."""
    mount("none", "/", flags=MS_REC | MS_PRIVATE)


def own_mounts() -> None:
    """Give this process mounts of its own and the /proc of its own processes. Raises OSError."""
    unshare(CLONE_NEWNS)
    mount_processes()


def mount_processes() -> None:
    """Mount the /proc of this process's namespace of processes. Raises OSError."""
    mount("proc", "/proc", kind="proc", flags=MS_NOSUID | MS_NODEV | MS_NOEXEC)


def hide_everything_but(folder: str, *, jobs: str, readable: tuple[str, ...], owner: int, walls: Walls) -> None:
    """Show a process that has mounts of its own its job, read-only, and sized scratch, no other job. Raises OSError.

    An environment that lies in a temporary folder stays where it is, on top of the scratch.
    """
    covered = {path: os.open(path, os.O_PATH) for path in readable if path.startswith(f"{SCRATCH}/")}
    flags = MS_NOSUID | MS_NODEV
    mount(folder, JOB, flags=MS_BIND)
    mount("none", JOB, flags=MS_REMOUNT | MS_BIND | MS_RDONLY | flags)
    mount("none", jobs, kind="tmpfs", flags=flags | MS_RDONLY | MS_NOEXEC, options="size=4k,nr_inodes=2,mode=0555")
    # 0711: root without its override must get through to the folders made below. No other process is in here.
    scratch = f"mode=0711,uid={owner},gid={owner},nr_inodes={_INODES}"
    mount("scratch", SCRATCH, kind="tmpfs", flags=flags, options=f"size={walls.scratch_bytes},{scratch}")
    _make_folders(covered, owner=owner)
    for path, descriptor in covered.items():
        mount(f"/proc/self/fd/{descriptor}", path, flags=MS_BIND | MS_REC)
        mount("none", path, flags=MS_REMOUNT | MS_BIND | MS_RDONLY | flags)
        os.close(descriptor)
    shared = f"size={walls.shared_memory_bytes},{scratch}"
    mount("shm", SHARED_MEMORY, kind="tmpfs", flags=flags | MS_NOEXEC, options=shared)


def _make_folders(paths: Iterable[str], *, owner: int) -> None:
    """Make folders in the scratch as its owner: root without its override may not write there."""
    own, mask = os.geteuid(), os.umask(0o022)
    os.seteuid(owner)
    try:
        for path in paths:
            Path(path).mkdir(parents=True)
    finally:
        os.seteuid(own)
        os.umask(mask)


def leave_network() -> None:
    """Enter an empty network namespace of one's own. Raises OSError."""
    unshare(CLONE_NEWNET)


def enter_user_namespace(identity: int) -> None:
    """Become `identity` in a user namespace of one's own, so that its limit of processes counts only there.

    Raises OSError.
    """
    outside_user, outside_group = os.geteuid(), os.getegid()
    unshare(CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{identity} {outside_user} 1")
    _write("/proc/self/gid_map", f"{identity} {outside_group} 1")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
