# EXPECT: memory
# LIMITS: memory_bytes=400000000 wall_seconds=30
"""One process that wants more than it may have."""


def evaluate(annotation, submission, phase, **kwargs):
    kept = []
    while True:
        kept.append(bytearray(50_000_000))
