# EXPECT: scored
"""Signals go no further than its own namespace."""

import os
import signal


def evaluate(annotation, submission, phase, **kwargs):
    for target in (-1, os.getppid() or -1):
        try:
            os.kill(target, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    return {"result": [{"test": {"score": 1}}]}
