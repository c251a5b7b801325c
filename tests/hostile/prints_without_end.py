# EXPECT: output
# LIMITS: output_bytes=20000000 wall_seconds=60
# SAYS: bytes left out
"""Floods both streams."""

import os


def evaluate(annotation, submission, phase, **kwargs):
    while True:
        os.write(1, b"out " * 16_000)
        os.write(2, b"err " * 16_000)
