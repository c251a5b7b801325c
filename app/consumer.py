"""Serving the queue: what the worker does once its application is loaded, until it is told to stop."""

import logging
import os
import signal
import socket
import threading
import time
from concurrent.futures import Future
from dataclasses import asdict

from huey.consumer import Consumer

import config
from app import clock
from app.evaluation.isolation import Isolation
from app.evaluation.runner import Evaluator
from app.extensions import queue
from app.foundation import make_app
from app.rules import causes
from app.services import builds, runs, trial_runs, workers
from app.tasks.builds import builder
from app.tasks.upkeep import Upkeep
from app.tasks.workbench import workbench

log = logging.getLogger("app.worker")
GRACE_S = 30
WALLS_AGAIN_S = 30


def serve(
    settings: config.Settings, evaluator: Evaluator, *, walls: "Future[Isolation]", stop: threading.Event
) -> None:
    """Make the application and serve its queue until `stop`; `walls` says how the evaluator's first start went."""
    app = make_app(settings)
    workbench.equip(app, evaluator, name=f"{socket.gethostname()}:{os.getpid()}")
    run(evaluator, threads=settings.workers, walls=walls, stop=stop)


def obey(stop: threading.Event) -> None:
    """Let SIGTERM and SIGINT set `stop`."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def run(evaluator: Evaluator, *, threads: int, walls: "Future[Isolation]", stop: threading.Event) -> None:
    """Put right what a dead worker left, put the walls up, then serve the queue until `stop`."""
    with workbench.in_app():
        # nobody else can be running anything: we hold the lock
        runs_left = workers.put_back_all_running(now=clock.now())
        builds.put_back_building()
        queue.flush()
    if runs_left:
        log.info("%s unfinished evaluations are queued again", runs_left)
    upkeep = Upkeep()
    consumer = Consumer(queue, workers=threads, worker_type="thread", periodic=False, scheduler_interval=60)
    isolation = walls.result()
    while not walls_hold(isolation) and not stop.wait(WALLS_AGAIN_S):
        log.error("nothing is evaluated until the walls hold; trying again in %s s", WALLS_AGAIN_S)
        isolation = evaluator.start()
    if not stop.is_set():
        consumer.start()
        # Huey has put handlers of its own in, which only its own loop would ever look at
        obey(stop)
    # the first round at once: what a dead worker left is waiting
    upkeep.tick()
    while not stop.wait(1.0):
        upkeep.tick()
    _finish(consumer, upkeep)


def walls_hold(isolation: Isolation) -> bool:
    """Say how well the walls hold, to the log and to the administrator's page."""
    log.info("isolation: %s", isolation.summary)
    with workbench.in_app():
        workers.beat(isolation=asdict(isolation), now=clock.now())
    return isolation.level != "D"


def _finish(consumer: Consumer, upkeep: Upkeep) -> None:
    consumer.stop_flag.set()
    builder.stop()
    deadline = time.monotonic() + GRACE_S
    while (workbench.claims() or workbench.trials.claims()) and time.monotonic() < deadline:
        upkeep.tick()
        time.sleep(0.2)
    with workbench.in_app():
        for hand, put_back in ((workbench, runs.put_back), (workbench.trials, trial_runs.put_back)):
            for claim_id, attempt in hand.claims():
                cause = causes.ASKED_TO_STOP
                put_back(claim_id, attempt=attempt, cause=cause, uses_attempt=False, now=clock.now())
