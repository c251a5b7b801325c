# EXPECT: script
# SAYS: KeyboardInterrupt
"""Not an Exception, still caught."""


def evaluate(annotation, submission, phase, **kwargs):
    raise KeyboardInterrupt
