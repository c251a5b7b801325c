# EXPECT: script
# SAYS: SyntaxError
def evaluate(annotation, submission, phase, **kwargs)
    return {"result": [{"test": {"score": 1}}]}
