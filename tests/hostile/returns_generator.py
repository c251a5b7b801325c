# EXPECT: bad_result
# SAYS: generator
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": (x for x in [])}
