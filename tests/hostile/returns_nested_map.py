# EXPECT: bad_result
# SAYS: of type dict
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": {"a": 1}}}]}
