"""The product itself: web server and worker as launch.py starts them, on a data directory and a port of their own."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

import config
from app import create_app
from benchmarks import processes

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 60.0
WORKERS = 2


class Product:
    """An instance that is being measured. `app` is an application on the same data, to fill it and to look at it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = _free_port()
        self._environment = os.environ | {
            "SHIAI_DATA_DIR": str(data_dir),
            "SHIAI_PORT": str(self.port),
            "SHIAI_WORKERS": str(WORKERS),
            "SHIAI_ISOLATION": "strict",
        }
        self._log = (data_dir / "bench.log").open("ab")
        self.settings = config.load(self._environment)
        self.app: Flask = create_app(self.settings)
        with self.app.app_context():
            upgrade()
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What web and worker have said."""
        return (self.data_dir / "bench.log").read_text(errors="replace")

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        self.web = self._start("app.server")
        self._until(self._answers, "the web server did not answer")

    def start_worker(self) -> None:
        """Start the worker and wait until it takes work."""
        self.spawn_worker()
        self._until(self._is_warm, "the worker is not warm")

    def spawn_worker(self) -> None:
        """Start the worker without waiting for it."""
        self._said = len(self.log)
        self.worker = self._start("app.worker")

    def kill_worker(self) -> None:
        """End the worker as a power cut would."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait()

    def web_tree(self) -> list[int]:
        """Return the processes of the web server."""
        return processes.tree(self.web.pid) if self.web else []

    def worker_tree(self) -> list[int]:
        """Return the processes of the worker: itself, its box and its warm parent."""
        return processes.tree(self.worker.pid) if self.worker else []

    @contextlib.contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """Open the database file directly, for looking only."""
        connection = sqlite3.connect(f"file:{self.data_dir / 'shiai.db'}?mode=ro", uri=True, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    def stop(self) -> None:
        """End both processes."""
        for service in (self.web, self.worker):
            if service is not None and service.poll() is None:
                service.send_signal(signal.SIGTERM)
        for service in (self.web, self.worker):
            if service is not None:
                try:
                    service.wait(10)
                except subprocess.TimeoutExpired:
                    service.kill()
                    service.wait()
        self._log.close()

    def _start(self, module: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def _is_warm(self) -> bool:
        return "isolation: " in self.log[self._said :]

    def _until(self, is_so: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_so():
            if time.monotonic() > deadline or any(it and it.poll() is not None for it in (self.web, self.worker)):
                raise RuntimeError(f"{otherwise}:\n{self.log[-3000:]}")
            time.sleep(0.02)


@contextlib.contextmanager
def running(*, web: bool = True, worker: bool = True) -> Iterator[Product]:
    """Run the product on a fresh data directory, and remove everything afterwards."""
    with tempfile.TemporaryDirectory(prefix="shiai-bench-", ignore_cleanup_errors=True) as folder:
        product = Product(Path(folder))
        try:
            if web:
                product.start_web()
            if worker:
                product.start_worker()
            yield product
        except Exception as error:
            error.add_note(f"What web server and worker said:\n{product.log[-3000:]}")
            raise
        finally:
            product.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
