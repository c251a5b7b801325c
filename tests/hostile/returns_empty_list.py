# EXPECT: bad_result
# SAYS: empty
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": []}
