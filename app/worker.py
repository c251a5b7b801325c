"""The worker's front door: builds the application, starts the walled-off evaluator, hands Huey its consumer."""

import fcntl
import logging
import os
import signal
import socket
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO

from huey.consumer import Consumer

import config
from app import clock, create_app
from app.evaluation.runner import Evaluator
from app.extensions import queue
from app.services import runs, trial_runs, workers
from app.tasks.upkeep import Upkeep
from app.tasks.workbench import workbench

log = logging.getLogger("app.worker")
GRACE_S = 30
WALLS_AGAIN_S = 30


def main() -> None:
    """Run until told to stop by SIGTERM or SIGINT; running evaluations get half a minute, then go back to the queue."""
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker  %(message)s", stream=sys.stderr)
    logging.getLogger("huey").setLevel(logging.WARNING)
    stop = threading.Event()
    obey(stop)
    try:
        settings = config.load()
    except config.ConfigError as problem:
        sys.exit(f"Shiai's worker cannot start. {problem}")
    lock = lock_alone(settings.data_dir)
    app = create_app(settings)
    evaluator = Evaluator(jobs_dir=settings.data_dir / "jobs", isolation=settings.isolation)
    workbench.equip(app, evaluator, name=f"{socket.gethostname()}:{os.getpid()}")
    try:
        run(evaluator, threads=settings.workers, stop=stop)
    finally:
        evaluator.close()
        lock.close()


def obey(stop: threading.Event) -> None:
    """Let SIGTERM and SIGINT set `stop`."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def lock_alone(data_dir: Path) -> IO[str]:
    """Take the lock that only one worker of a data directory can hold; the kernel frees it at any death."""
    lock = (data_dir / "worker.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Another worker serves {data_dir} already. One worker runs several evaluations at once.")
    return lock


def run(evaluator: Evaluator, *, threads: int, stop: threading.Event) -> None:
    """Put right what a dead worker left, put the walls up, then serve the queue until `stop`."""
    with workbench.in_app():
        # nobody else can be running anything: we hold the lock
        runs_left = workers.put_back_all_running(now=clock.now())
        queue.flush()
    if runs_left:
        log.info("%s unfinished evaluations are queued again", runs_left)
    upkeep = Upkeep()
    consumer = Consumer(queue, workers=threads, worker_type="thread", periodic=False, scheduler_interval=60)
    while not walls_hold(evaluator) and not stop.wait(WALLS_AGAIN_S):
        log.error("nothing is evaluated until the walls hold; trying again in %s s", WALLS_AGAIN_S)
    if not stop.is_set():
        consumer.start()
        # Huey has put handlers of its own in, which only its own loop would ever look at
        obey(stop)
    # the first round at once: what a dead worker left is waiting
    upkeep.tick()
    while not stop.wait(1.0):
        upkeep.tick()
    _finish(consumer, upkeep)


def walls_hold(evaluator: Evaluator) -> bool:
    """Put the walls up and say how well they hold, to the log and to the administrator's page."""
    isolation = evaluator.start()
    log.info("isolation: %s", isolation.summary)
    with workbench.in_app():
        workers.beat(isolation=asdict(isolation), now=clock.now())
    return isolation.level != "D"


def _finish(consumer: Consumer, upkeep: Upkeep) -> None:
    consumer.stop_flag.set()
    deadline = time.monotonic() + GRACE_S
    while (workbench.claims() or workbench.trials.claims()) and time.monotonic() < deadline:
        upkeep.tick()
        time.sleep(0.2)
    with workbench.in_app():
        for hand, put_back in ((workbench, runs.put_back), (workbench.trials, trial_runs.put_back)):
            for claim_id, attempt in hand.claims():
                cause = "the worker was asked to stop"
                put_back(claim_id, attempt=attempt, cause=cause, uses_attempt=False, now=clock.now())


if __name__ == "__main__":
    main()
