"""The worker's front door: takes the lock, starts the walled-off evaluator, then loads the application beside it."""

import fcntl
import importlib
import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import config
from app.evaluation.runner import Evaluator


def main() -> None:
    """Run until told to stop by SIGTERM or SIGINT; running evaluations get half a minute, then go back to the queue."""
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker  %(message)s", stream=sys.stderr)
    logging.getLogger("huey").setLevel(logging.WARNING)
    try:
        settings = config.load()
    except config.ConfigError as problem:
        sys.exit(f"Shiai's worker cannot start. {problem}")
    lock = lock_alone(settings.data_dir)
    evaluator = Evaluator(jobs_dir=settings.data_dir / "jobs", isolation=settings.isolation)
    starting = ThreadPoolExecutor(1, "walls")
    walls, stop = starting.submit(evaluator.start), threading.Event()
    starting.shutdown(wait=False)
    try:
        # loaded now and not above: the warm parent loads its libraries at the same time
        consumer = importlib.import_module("app.consumer")
        consumer.obey(stop)
        consumer.serve(settings, evaluator, walls=walls, stop=stop)
    finally:
        evaluator.close()
        lock.close()


def lock_alone(data_dir: Path) -> IO[str]:
    """Take the lock that only one worker of a data directory can hold; the kernel frees it at any death."""
    lock = (data_dir / "worker.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Another worker serves {data_dir} already. One worker runs several evaluations at once.")
    return lock


if __name__ == "__main__":
    main()
