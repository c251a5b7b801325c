# EXPECT: bad_result
# SAYS: without the key
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return {}
