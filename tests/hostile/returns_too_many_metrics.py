# EXPECT: bad_result
# SAYS: 200 metrics
"""Something that is no result."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {str(n): n for n in range(200)}}]}
