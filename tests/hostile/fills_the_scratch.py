# EXPECT: memory
# LIMITS: scratch_bytes=4000000
# SAYS: No space left
"""Writes until there is no room."""


def evaluate(annotation, submission, phase, **kwargs):
    with open("/tmp/fill", "wb") as file:
        while True:
            file.write(b"x" * 1_000_000)
