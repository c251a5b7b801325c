# EXPECT: no_result
# SAYS: sys.exit
"""Leaves through the front door."""

import sys


def evaluate(annotation, submission, phase, **kwargs):
    sys.exit(0)
