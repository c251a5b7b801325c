# EXPECT: bad_result
# SAYS: of type str
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": "0.5"}}]}
