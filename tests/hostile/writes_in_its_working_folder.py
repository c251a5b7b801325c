# EXPECT: scored
"""The working folder, /tmp and TMPDIR can be written and are empty at the start of each run."""

import os
import tempfile


def evaluate(annotation, submission, phase, **kwargs):
    assert os.listdir(".") == [], os.listdir(".")
    for path in ("predictions.txt", "/tmp/fixed-name", os.path.join(tempfile.gettempdir(), "other")):
        with open(path, "w") as file:
            file.write("text")
    with open("/dev/shm/left-behind", "w") as file:
        file.write("text")
    assert len(os.listdir("/dev/shm")) == 1
    return {"result": [{"test": {"score": 1}}]}
