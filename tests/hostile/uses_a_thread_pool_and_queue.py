# EXPECT: scored
"""Threads, callbacks from C, a manager, shared memory, temporary files, sqlite."""

import ctypes
import multiprocessing
import multiprocessing.shared_memory
import sqlite3
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def evaluate(annotation, submission, phase, **kwargs):
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(abs, range(-5, 5))) == 25
    with ProcessPoolExecutor(2) as pool:
        assert sum(pool.map(abs, range(-5, 5))) == 25
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(abs)
    assert callback(-3) == 3
    with multiprocessing.Manager() as manager:
        shared = manager.dict(a=1)
        assert shared["a"] == 1
    segment = multiprocessing.shared_memory.SharedMemory(create=True, size=4096)
    segment.close()
    segment.unlink()
    with tempfile.NamedTemporaryFile() as file, sqlite3.connect(file.name) as database:
        database.execute("create table t (a)")
    return {"result": [{"test": {"score": 1}}]}
