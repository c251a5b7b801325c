# EXPECT: scored
# LIMITS: wall_seconds=60
"""Threads of OpenMP and BLAS after a fork are where warm parents hang."""

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier


def evaluate(annotation, submission, phase, **kwargs):
    rows = numpy.random.rand(400, 5)
    model = HistGradientBoostingClassifier(max_iter=5).fit(rows, rows[:, 0] > 0.5)
    assert (rows @ rows.T).shape == (400, 400)
    return {"result": [{"test": {"score": float(model.score(rows, rows[:, 0] > 0.5))}}]}
