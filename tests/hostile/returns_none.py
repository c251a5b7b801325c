# EXPECT: bad_result
# SAYS: None
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return None
