# EXPECT: script
# SAYS: has no evaluate
"""The function has another name."""


def score(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": 1}}]}
