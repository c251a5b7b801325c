# EXPECT: scored
# SAYS: printed by a program
# SAYS: printed by a shell
# SAYS: complaint of a program
"""Programs run, and what they print is kept."""

import os
import subprocess
import sys


def evaluate(annotation, submission, phase, **kwargs):
    subprocess.check_call([sys.executable, "-c", "import numpy; print('printed by a program')"])
    subprocess.check_call([sys.executable, "-c", "import sys; print('complaint of a program', file=sys.stderr)"])
    assert os.system("echo printed by a shell") == 0
    return {"result": [{"test": {"score": 1}}]}
