# EXPECT: scored
"""Its own package, its input, the system: all read-only."""

import os


def evaluate(annotation, submission, phase, **kwargs):
    here = os.path.dirname(__file__)
    for folder in (here, os.path.dirname(submission), "/", "/usr", "/dev", "/job", "/runtime"):
        try:
            open(os.path.join(folder, "written"), "w").close()
        except OSError:
            continue
        raise AssertionError(folder)
    for path in (submission, annotation, __file__):
        for attempt in (lambda p: open(p, "a"), os.unlink, lambda p: os.chmod(p, 0o777), lambda p: os.truncate(p, 0)):
            try:
                attempt(path)
            except OSError:
                continue
            raise AssertionError(path)
    return {"result": [{"test": {"score": 1}}]}
