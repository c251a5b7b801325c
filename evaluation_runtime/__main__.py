"""Run as a directory by the worker: `python -I …/evaluation_runtime BOOT`, with BOOT as protocol.Boot in JSON."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # Python has put this folder itself first: its modules would hide a script's of the same name.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    # In front of the real pip, which would try a network that is not there.
    sys.path.insert(1, str(Path(__file__).resolve().parent / "stand_ins"))
    from evaluation_runtime.warm import main

    main()
