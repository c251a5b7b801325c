# EXPECT: bad_result
# SAYS: None
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": None}}]}
