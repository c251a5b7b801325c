# EXPECT: scored
"""Tries every way out; any success is an error."""

import json
import socket


def evaluate(annotation, submission, phase, **kwargs):
    port = json.load(open(submission))["port"]
    attempts = [
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_INET6, socket.SOCK_STREAM),
    ]
    attempts += [(getattr(socket, "AF_VSOCK", 40), socket.SOCK_STREAM), (socket.AF_PACKET, socket.SOCK_RAW)]
    for family, kind in attempts:
        try:
            with socket.socket(family, kind) as connection:
                connection.connect(("127.0.0.1", port))
        except (OSError, TypeError):
            continue
        raise AssertionError(family)
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect("\0shiai-listener")
        except OSError:
            return {"result": [{"test": {"score": 1}}]}
    raise AssertionError("abstract")
