# EXPECT: no_result
"""Leaves through the window, with the status of success."""

import os


def evaluate(annotation, submission, phase, **kwargs):
    os._exit(0)
