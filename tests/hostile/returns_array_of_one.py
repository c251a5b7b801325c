# EXPECT: bad_result
# SAYS: numpy.ndarray
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": __import__("numpy").ones(1)}}]}
