# EXPECT: script
# SAYS: RecursionError
"""Never comes back."""


def deeper(depth):
    return deeper(depth + 1)


def evaluate(annotation, submission, phase, **kwargs):
    return deeper(0)
