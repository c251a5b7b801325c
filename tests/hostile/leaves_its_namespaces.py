# EXPECT: scored
"""New namespaces, mounts, devices, other users, tracing: all refused."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def evaluate(annotation, submission, phase, **kwargs):
    for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000):
        assert LIBC.unshare(flag) == -1, hex(flag)
    assert LIBC.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1
    assert LIBC.umount2(b"/jobs", 2) == -1
    assert LIBC.chroot(b"/tmp") == -1
    assert LIBC.ptrace(16, 1, 0, 0) == -1
    for number in (425, 321, 298, 250, 323, 304):
        assert LIBC.syscall(number, 0, 0, 0, 0, 0) == -1, number
    for attempt in (
        lambda: os.setuid(0),
        lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0)),
        lambda: os.setgroups([0]),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise AssertionError
    child = os.fork()
    if child == 0:
        os._exit(0 if LIBC.ptrace(0, 0, 0, 0) == -1 else 9)
    assert os.waitpid(child, 0)[1] == 0
    return {"result": [{"test": {"score": 1}}]}
