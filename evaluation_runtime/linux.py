"""System calls that Python 3.11 has no name for. Importing this is safe everywhere; calling needs Linux."""

import ctypes
import os
import platform

MACHINE = platform.machine()

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_READ = 23
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

_CAPSET = {"x86_64": 126, "aarch64": 91}

_libc = ctypes.CDLL(None, use_errno=True)


def check(name: str, result: int) -> int:
    """Return the result of a call, or raise OSError with its errno when it is negative."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def system_call(name: str, number: int, *arguments: object) -> int:
    """Make a call that libc has no function for. Raises OSError."""
    return check(name, _libc.syscall(ctypes.c_long(number), *arguments))


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags name. Raises OSError."""
    check("unshare", _libc.unshare(ctypes.c_int(flags)))


def set_namespace(descriptor: int, kind: int) -> None:
    """Enter the namespace behind a descriptor. Raises OSError."""
    check("setns", _libc.setns(ctypes.c_int(descriptor), ctypes.c_int(kind)))


def mount(source: str, target: str, *, kind: str | None = None, flags: int = 0, options: str = "") -> None:
    """Mount, bind or remount. Raises OSError."""
    result = _libc.mount(
        source.encode(),
        target.encode(),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        options.encode() if options else None,
    )
    check(f"mount {target}", result)


def process_control(option: int, *arguments: int) -> int:
    """Call prctl; missing arguments are zero. Raises OSError."""
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return check(f"prctl {option}", _libc.prctl(ctypes.c_int(option), *padded))


def process_control_pointer(option: int, mode: int, pointer: object) -> int:
    """Call prctl whose third argument is a pointer. Raises OSError."""
    return check(f"prctl {option}", _libc.prctl(ctypes.c_int(option), ctypes.c_ulong(mode), pointer, 0, 0))


def empty_bounding_set() -> None:
    """Let nothing that this process starts gain a capability; what it has itself it keeps. Raises OSError."""
    for capability in range(64):
        try:
            process_control(PR_CAPBSET_READ, capability)
        except OSError:
            return
        process_control(PR_CAPBSET_DROP, capability)


def clear_capabilities() -> None:
    """Drop every capability, also from the ambient and inheritable sets. Raises OSError."""
    process_control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(0x2008_0522, 0)
    system_call("capset", _CAPSET[MACHINE], ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def flush_c_streams() -> None:
    """Write out what C code has left in its buffers."""
    _libc.fflush(None)
