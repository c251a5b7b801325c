# EXPECT: scored
# LIMITS: scratch_bytes=4000000
"""Memory that no process has mapped: anonymous files, System V segments, more shared memory than there is."""

import ctypes
import errno
import os


def evaluate(annotation, submission, phase, **kwargs):
    try:
        os.memfd_create("hidden")
    except PermissionError:
        pass
    else:
        raise AssertionError("memfd")
    assert ctypes.CDLL(None).shmget(0, 4096, 0o1600) == -1
    try:
        with open("/dev/shm/fill", "wb") as file:
            file.writelines(b"x" * 1_000_000 for _ in range(300))
    except OSError as problem:
        assert problem.errno == errno.ENOSPC
        return {"result": [{"test": {"score": 1}}]}
    raise AssertionError("shm")
