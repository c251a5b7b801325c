# EXPECT: scored
"""Double fork and setsid; the test looks whether it is gone."""

import os
import time


def evaluate(annotation, submission, phase, **kwargs):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(3600)
        os._exit(0)
    os.wait()
    return {"result": [{"test": {"score": 1}}]}
