# EXPECT: scored
"""Looks for the server's files, other people's files and secrets; any success is an error."""

import glob
import json
import os


def evaluate(annotation, submission, phase, **kwargs):
    told = json.load(open(submission))
    wanted = [told["secret"], told["outside"], "/etc/passwd", "/etc/shadow", "/root/.bashrc", "/proc/1/environ"]
    found = [path for path in wanted if path != "/proc/1/environ" and can_read(path)]
    assert not found, found
    assert "SECRET" not in os.environ, "environment"
    assert b"SECRET" not in open("/proc/1/environ", "rb").read()
    for folder in ("/root", "/home", "/jobs", "/var", "/srv", "/runtime/app", "/sys"):
        assert not glob.glob(folder + "/*") or folder == "/root", folder
    return {"result": [{"test": {"score": 1}}]}


def can_read(path):
    try:
        with open(path, "rb") as file:
            file.read(1)
    except OSError:
        return False
    return True
