# EXPECT: bad_result
# SAYS: NaN
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": float("nan")}}]}
