# EXPECT: memory
# LIMITS: memory_bytes=400000000 wall_seconds=30
"""Each process stays below the limit; all together do not."""

import os
import time


def evaluate(annotation, submission, phase, **kwargs):
    for _ in range(8):
        if os.fork() == 0:
            kept = bytearray(os.urandom(1) * 150_000_000)
            time.sleep(3600)
            print(len(kept))
    time.sleep(3600)
