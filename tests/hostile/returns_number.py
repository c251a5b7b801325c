# EXPECT: bad_result
# SAYS: of type int
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return 0
