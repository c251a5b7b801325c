"""All the walls of one child, put up in the order the kernel wants, before any code of a challenge is loaded."""

import os
import signal
from dataclasses import dataclass

from evaluation_runtime import foreign, landlock, limits, linux, namespaces, seccomp
from evaluation_runtime.protocol import Boot, Walls

# Free on common systems: below the range that systemd takes for its dynamic users, above people.
FIRST_USER = 61_000
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """What the walls of every child of this warm parent have in common."""

    boot: Boot
    landlock_version: int
    filter: bytes | None
    is_root: bool
    already_mapped: int

    def get_ready(self) -> None:
        """Do what needs no job yet: leave the session and the mounts of the warm parent. Raises OSError."""
        os.setsid()
        linux.process_control(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        if self.boot.boxed:
            namespaces.own_mounts()

    def enter(self, *, folder: str, slot: int, walls: Walls) -> str:
        """Put up all walls around this process, which is ready, for good; give the job's folder as it sees it then.

        Raises OSError when a wall cannot stand: the caller must not go on.
        """
        user = FIRST_USER + slot
        outside = f"{self.boot.jobs}/{folder}"
        job, scratch = self._hide(outside, walls=walls, owner=user if self.is_root else os.geteuid())
        processes = walls.processes
        if self.boot.boxed:
            self._drop_user(user)
        else:
            # The limit counts all of this user's processes, those of web and worker too.
            processes += limits.running_of_this_user()
        limits.apply(walls, processes=processes, already_mapped=self.already_mapped)
        linux.clear_capabilities()
        # After the change of user, which resets both. Dumpable: else its own /proc/self belongs to root.
        linux.process_control(linux.PR_SET_DUMPABLE, 1)
        linux.process_control(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        linux.process_control(linux.PR_SET_NO_NEW_PRIVS, 1)
        if self.landlock_version:
            landlock.restrict(
                readable=(*self.boot.readable, job, "/proc"),
                writable=(*scratch, *_DEVICES),
                kernel_version=self.landlock_version,
            )
        if self.filter is not None:
            seccomp.install(self.filter)
        return job

    def _hide(self, outside: str, *, walls: Walls, owner: int) -> tuple[str, tuple[str, ...]]:
        if not self.boot.boxed:
            return outside, (f"{outside}/scratch",)
        if self.landlock_version < 6:
            # Landlock cannot keep two children from meeting on an abstract socket: separate networks do.
            namespaces.leave_network()
        jobs, readable = self.boot.jobs, self.boot.readable
        namespaces.hide_everything_but(outside, jobs=jobs, readable=readable, owner=owner, walls=walls)
        return namespaces.JOB, (namespaces.SCRATCH, namespaces.SHARED_MEMORY)

    def _drop_user(self, user: int) -> None:
        if self.is_root:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        else:
            namespaces.enter_user_namespace(user)


def prepare(boot: Boot) -> Sandbox:
    """Find out once, with all libraries loaded, what this kernel has.

    `is_root` means real root: in a user namespace of its own a process is root only in name.
    """
    try:
        program = seccomp.build()
    except KeyError:
        program = None
    return Sandbox(
        boot=boot,
        landlock_version=landlock.version(),
        filter=program,
        is_root=os.geteuid() == 0 and foreign.is_init_user(),
        already_mapped=limits.mapped_bytes(),
    )
