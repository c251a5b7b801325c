# EXPECT: bad_result
# SAYS: complex
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": 1j}}]}
