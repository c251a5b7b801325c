# EXPECT: scored
"""A metric that means a number without being one."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": True}}]}
