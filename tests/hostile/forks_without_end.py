# EXPECT: script
# LIMITS: processes=40 wall_seconds=20
# SAYS: BlockingIOError
"""A fork bomb: the system says no, and everything ends with the run."""

import os
import time


def evaluate(annotation, submission, phase, **kwargs):
    while True:
        if os.fork() == 0:
            time.sleep(3600)
