# EXPECT: bad_result
# SAYS: infinite
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": float("inf")}}]}
