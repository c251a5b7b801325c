# EXPECT: time
# LIMITS: wall_seconds=1
"""A good-looking reply, and then the time limit."""

import os
import time


def evaluate(annotation, submission, phase, **kwargs):
    os.write(3, b'{"kind": "returned", "value": {"result": [{"test": {"score": 1}}]}}')
    time.sleep(3600)
