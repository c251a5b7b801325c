"""Landlock: what files a process and all its descendants may touch, whatever their user.

Numbers: linux/landlock.h, the same on every architecture.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from evaluation_runtime.linux import system_call

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_FILE_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_IOCTL_DEV = 1 << 15
_TRUNCATE = 1 << 14
_TCP = 3
_SCOPES = 3

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def version() -> int:
    """Give the kernel's Landlock version, 0 where there is none."""
    try:
        return system_call("landlock", _CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))
    except OSError:
        return 0


def restrict(*, readable: Iterable[str], writable: Iterable[str], kernel_version: int) -> None:
    """Allow reading and running below `readable`, everything below `writable`, and nothing else.

    From version 4 no TCP; from version 6 no abstract sockets of, and no signals to, processes outside.
    Paths that do not exist are left out. Needs no_new_privs. Raises OSError.
    """
    everything = max(mask for since, mask in _FILE_RIGHTS_BY_VERSION.items() if since <= kernel_version)
    rules = _Ruleset(everything, _TCP if kernel_version >= 4 else 0, _SCOPES if kernel_version >= 6 else 0)
    size = 24 if kernel_version >= 6 else 16 if kernel_version >= 4 else 8
    ruleset = system_call("landlock", _CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    for path in readable:
        _allow(ruleset, path, _READ)
    for path in writable:
        _allow(ruleset, path, everything)
    system_call("landlock", _RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        # The kernel refuses rights on directories in a rule for a file.
        allowed = access if stat.S_ISDIR(os.fstat(descriptor).st_mode) else access & _ON_FILES
        rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, descriptor))
        arguments = (ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
        system_call("landlock", _ADD_RULE, *arguments)
    finally:
        os.close(descriptor)
