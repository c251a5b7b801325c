# EXPECT: crash
# SAYS: signal 11
"""A segmentation fault."""

import ctypes


def evaluate(annotation, submission, phase, **kwargs):
    return ctypes.string_at(0)
