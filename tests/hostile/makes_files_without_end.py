# EXPECT: memory
# LIMITS: wall_seconds=60
"""Empty files cost kernel memory that no size limit counts."""

import os


def evaluate(annotation, submission, phase, **kwargs):
    number = 0
    while True:
        os.close(os.open(f"/tmp/{number}", os.O_CREAT))
        number += 1
