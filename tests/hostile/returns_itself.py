# EXPECT: bad_result
# SAYS: levels deep
"""A map that holds itself."""


def evaluate(annotation, submission, phase, **kwargs):
    scores = {}
    scores["score"] = scores
    return {"result": [{"test": scores}]}
