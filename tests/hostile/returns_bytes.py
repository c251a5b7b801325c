# EXPECT: bad_result
# SAYS: bytes
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": b"x"}
