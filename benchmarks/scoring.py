"""From the POST of a 1.5 MB file to its committed score, beside evaluate() called in process on the same file."""

import importlib.util
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from benchmarks import bundle, product, site
from benchmarks.browser import Browser
from benchmarks.report import Line, median, p95

ROUNDS = 40
WARM_UP = 3
LOOK_EVERY_S = 0.0005
OVER = ("finished", "failed", "cancelled")


def measure() -> list[Line]:
    """Alternate submissions and calls of evaluate(), pair by pair."""
    with product.running() as running, tempfile.TemporaryDirectory() as folder:
        (auc, nothing), people = site.found(running, "auc", "nothing")
        with Browser(running.port) as browser, running.database() as database, threadpool_limits(1):
            browser.sign_in(people[0])
            browser.prepare(auc.slug)
            content = bundle.predictions()
            call = in_process("auc", Path(folder), content)
            called: list[float] = []
            scored: list[float] = []
            empty: list[float] = []
            for number in range(WARM_UP + ROUNDS):
                times = (
                    call(),
                    _submit(browser, auc.slug, content, database),
                    _submit(browser, nothing.slug, content, database),
                )
                if number >= WARM_UP:
                    for kept, taken in zip((called, scored, empty), times, strict=True):
                        kept.append(taken * 1000)
    ratios = [one / other for one, other in zip(scored, called, strict=True)]
    return [
        Line(name="evaluate() in process, AUC over 100,000 rows", value=median(called), tail=p95(called), unit="ms"),
        Line(
            name="POST of 1.5 MB to committed score, the same script", value=median(scored), tail=p95(scored), unit="ms"
        ),
        Line(
            name="  of evaluate() in process, median of pairs",
            value=median(ratios),
            tail=p95(ratios),
            unit="x",
            limit=1.35,
        ),
        Line(
            name="  the same with a script that does nothing", value=median(empty), tail=p95(empty), unit="ms", limit=30
        ),
    ]


def in_process(name: str, folder: Path, content: bytes) -> Callable[[], float]:
    """Return a function that calls a script's evaluate() in this process and returns the seconds it took."""
    script = bundle.write_script(name, folder)
    module = f"bench_script_{name}"
    spec = importlib.util.spec_from_file_location(
        module, script / "__init__.py", submodule_search_locations=[str(script)]
    )
    if spec is None or spec.loader is None:
        raise RuntimeError("the script cannot be loaded")
    package = importlib.util.module_from_spec(spec)
    sys.modules[module] = package
    spec.loader.exec_module(package)
    (folder / "truth.csv").write_bytes(bundle.truth())
    (folder / "guess.csv").write_bytes(content)

    def call() -> float:
        begin = time.perf_counter()
        package.evaluate(str(folder / "truth.csv"), str(folder / "guess.csv"), "bench")
        return time.perf_counter() - begin

    return call


def _submit(browser: Browser, slug: str, content: bytes, database: sqlite3.Connection) -> float:
    """Submit and watch the database from outside; return the seconds from sending to the committed score."""
    body, headers = browser.filled_in(content)
    begin = time.perf_counter()
    number = browser.send(slug, body, headers)
    return wait_for(database, number) - begin


def wait_for(database: sqlite3.Connection, number: int) -> float:
    """Wait until a submission is over and return that moment. RuntimeError when it has no score."""
    seen: Any = None
    while True:
        state = database.execute("pragma data_version").fetchone()
        if state != seen:
            seen = state
            now = time.perf_counter()
            status = database.execute("select status, failure_detail from submission where id = ?", [number]).fetchone()
            if status[0] in OVER:
                if status[0] != "finished":
                    raise RuntimeError(f"submission {number} {status[0]}: {status[1]}")
                return now
        time.sleep(LOOK_EVERY_S)
