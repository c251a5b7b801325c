# EXPECT: bad_result
# SAYS: of type str
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return "0.93"
