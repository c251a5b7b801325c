# EXPECT: script
# SAYS: RecursionError
"""Never comes back."""


def evaluate(annotation, submission, phase, **kwargs):
    return evaluate(annotation, submission, phase)
