# EXPECT: bad_result
# SAYS: none of its leaderboard's metrics
"""A metric that is no score."""


def evaluate(annotation, submission, phase, **kwargs):
    return {"result": [{"test": {"score": None}}]}
