# EXPECT: script
# LIMITS: processes=40 wall_seconds=20
# SAYS: can't start new thread
"""A thread bomb."""

import threading
import time


def evaluate(annotation, submission, phase, **kwargs):
    while True:
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
