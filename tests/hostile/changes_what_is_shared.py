# EXPECT: scored
"""Breaks the libraries for itself; the next run must not notice."""

import builtins
import json

import numpy


def evaluate(annotation, submission, phase, **kwargs):
    assert numpy.mean is not None
    numpy.mean = None
    builtins.open = None
    json.loads = None
    return {"result": [{"test": {"score": 1}}]}
