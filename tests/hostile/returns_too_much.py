# EXPECT: bad_result
# SAYS: allowed
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": 1, "x" * 9000 + str(n): n}} for n in range(500)]}
