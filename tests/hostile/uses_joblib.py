# EXPECT: scored
"""joblib with processes, as in scikit-learn's n_jobs."""

from joblib import Parallel, delayed


def evaluate(annotation, submission, phase, **kwargs):
    assert sum(Parallel(n_jobs=2)(delayed(abs)(number) for number in range(-5, 5))) == 25
    return {"result": [{"test": {"score": 1}}]}
