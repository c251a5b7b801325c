# EXPECT: time
# LIMITS: wall_seconds=1
# SAYS: before the loop
"""Busy for ever, deaf to everything."""

import os
import signal


def evaluate(annotation, submission, phase, **kwargs):
    for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    print("before the loop")
    if os.fork() == 0:
        while True:
            pass
    while True:
        pass
