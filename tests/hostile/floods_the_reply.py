# EXPECT: crash
"""Tries to fill the reader's memory."""

import os


def evaluate(annotation, submission, phase, **kwargs):
    for _ in range(500):
        os.write(3, b"x" * 100_000)
    os._exit(3)
