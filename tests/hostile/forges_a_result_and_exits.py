# EXPECT: crash
"""Writes what looks like a good reply to every descriptor, then leaves with status 1."""

import os


def evaluate(annotation, submission, phase, **kwargs):
    body = b'{"kind": "returned", "value": {"result": [{"test": {"score": 1}}]}}'
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"0" * 32 + b" %08x\n" % len(body) + body)
        except OSError:
            continue
    os._exit(1)
