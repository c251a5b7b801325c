# EXPECT: script
# SAYS: Too many open files
"""Ten thousand open files."""


def evaluate(annotation, submission, phase, **kwargs):
    return [open(submission) for _ in range(10_000)]
