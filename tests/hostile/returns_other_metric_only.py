# EXPECT: bad_result
# SAYS: `score`
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"loss": 1}}]}
