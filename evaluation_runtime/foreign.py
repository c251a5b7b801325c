"""Packages that a challenge asked for: nothing of them runs before this process has lost all power over the machine.

An environment's packages can bring code that runs as soon as Python starts (`.pth` files), and may replace any library
that is loaded ahead. So Python is started without them, steps down, and only then lets them in.
"""

import os
import site
import sys
from pathlib import Path
from typing import NoReturn

from evaluation_runtime import linux, namespaces

# Below the users of children, see sandbox.FIRST_USER.
_USER = 60_999


def step_down() -> None:
    """Leave real root for a user and a user namespace of one's own, in which children can still be walled in.

    An ordinary user's box is such a namespace already. Raises OSError: then nothing may be let in.
    """
    if os.geteuid() != 0 or not is_init_user():
        return
    # Over bubblewrap's, parts of which are covered: without a whole one the kernel gives children none.
    namespaces.mount_processes()
    os.setgroups([])
    os.setresgid(_USER, _USER, _USER)
    os.setresuid(_USER, _USER, _USER)
    # Else its own /proc/self belongs to root after the change, and the map of users could not be written.
    linux.process_control(linux.PR_SET_DUMPABLE, 1)
    namespaces.enter_user_namespace(0)
    # Processes of its own too: the kernel lets nobody come back from a child's into those of real root.
    linux.unshare(linux.CLONE_NEWNS | linux.CLONE_NEWPID)
    process = os.fork()
    if process:
        _wait_for(process)
    namespaces.mount_processes()


def _wait_for(process: int) -> NoReturn:
    """Live as long as the process that does the work, holding nothing."""
    os.closerange(3, 65_536)
    _, status = os.waitpid(process, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def let_in() -> None:
    """Make the environment's packages importable, where Python was started without them."""
    if is_waiting():
        site.main()


def is_waiting() -> bool:
    """Whether Python was started without the packages of its environment and has not let them in."""
    return bool(sys.flags.no_site) and not any(path.endswith("site-packages") for path in sys.path)


def is_init_user() -> bool:
    """Whether root is root here, not only in a user namespace."""
    return Path("/proc/self/uid_map").read_text().split() == ["0", "0", str(2**32 - 1)]
