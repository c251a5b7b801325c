# EXPECT: bad_result
# SAYS: too large
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": 2**70}}]}
