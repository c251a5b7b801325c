"""A file of 500 MB: what the web server needs for it in memory and on disk, and what others notice."""

import sqlite3
import threading
import time
from typing import Self

from benchmarks import load, processes, product, scoring, site
from benchmarks.browser import Browser
from benchmarks.product import Product
from benchmarks.report import Line, median, p95

MB = 1_000_000
SIZE = 500 * MB
LOOK_EVERY_S = 0.02
PAUSE_S = 0.1
ROUNDS = 2
SECONDS = 8.0


def measure() -> list[Line]:
    """Upload while a few other people read pages."""
    with product.running() as running:
        (field,), people = site.found(running, "nothing")
        with Browser(running.port) as browser, running.database() as database:
            browser.sign_in(people[0])
            browser.prepare(field.slug)
            for _ in range(20):
                scoring.wait_for(database, browser.submit(field.slug, b"id,score\n"))
            quiet = load.run(_task(running, field, seconds=SECONDS)).only(200).milliseconds
            others = load.start(_task(running, field, seconds=SECONDS))
            rounds = [_upload(running, browser, field, database) for _ in range(ROUNDS)]
            beside = load.finish(others).only(200).milliseconds
    return [
        Line(name="upload of 500 MB, answered after", value=median([it.seconds for it in rounds]), unit="s"),
        Line(
            name="  growth of the web server's memory", value=max(it.memory for it in rounds) / MB, unit="MB", limit=10
        ),
        Line(
            name="  most on disk at any moment, to its size",
            value=max(it.disk for it in rounds) / SIZE,
            unit="x",
            limit=2.1,
        ),
        Line(name="  a page beside it, 95th percentile to at rest", value=p95(beside) / p95(quiet), unit="x", limit=5),
    ]


def _upload(running: Product, browser: Browser, field: site.Field, database: sqlite3.Connection) -> "Watch":
    """Upload one file, and watch until it is evaluated."""
    with Watch(running) as watch:
        begin = time.perf_counter()
        number = browser.send(field.slug, *browser.large(SIZE))
        watch.seconds = time.perf_counter() - begin
        scoring.wait_for(database, number)
    return watch


class Watch:
    """Looks, again and again, at the memory of the web server and at what lies on disk (bytes more than before)."""

    def __init__(self, running: Product) -> None:
        self.memory = self.disk = 0
        self.seconds = 0.0
        self._running = running
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        web, worker = self._running.web_tree(), self._running.worker_tree()
        for process in web:
            processes.forget_peak(process)
        memory = sum(processes.resident_bytes(process) for process in web)
        folder = self._running.data_dir
        before = processes.folder_bytes(folder)
        while not self._over.wait(LOOK_EVERY_S):
            nameless = sum(processes.nameless_bytes(process) for process in (*web, *worker))
            self.disk = max(self.disk, processes.folder_bytes(folder) + nameless - before)
        self.memory = sum(processes.peak_bytes(process) for process in web) - memory


def _task(running: Product, field: site.Field, *, seconds: float) -> load.Task:
    path = f"/challenges/{field.slug}"
    return load.Task(port=running.port, path=path, connections=2, seconds=seconds, pause=PAUSE_S)
