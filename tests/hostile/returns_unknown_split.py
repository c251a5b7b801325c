# EXPECT: bad_result
# SAYS: `tset`
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"tset": {"score": 1}}]}
