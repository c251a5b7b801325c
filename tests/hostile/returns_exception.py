# EXPECT: bad_result
# SAYS: ValueError
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return ValueError("labels")
