"""`make run`: prepares the data directory, starts the web server and the worker, and starts either again if it dies.

Small on purpose (standard library and config only): it must outlive what it watches.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import config

ROOT = Path(__file__).resolve().parent
RESTART_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
STOP_S = 40.0


@dataclass
class Service:
    """One process that must always be there; `module` is what Python runs."""

    name: str
    module: str
    pause: float = RESTART_PAUSE_S
    started: float = 0.0
    restart_at: float | None = None
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only the launcher."""
        self.started, self.restart_at = time.monotonic(), None
        self.process = subprocess.Popen([sys.executable, "-m", self.module], cwd=ROOT, start_new_session=True)  # noqa: S603

    def look(self) -> None:
        """Start the process again when it has died, waiting a little longer each time it dies at once."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if self.restart_at is None:
            steady = now - self.started > STEADY_AFTER_S
            self.pause = RESTART_PAUSE_S if steady else min(self.pause * 2, LONGEST_PAUSE_S)
            self.restart_at = now + (0 if steady else self.pause / 2)
            print(f"The {self.name} ended ({self.process.returncode}); it is started again.", flush=True)
        if now >= self.restart_at:
            self.start()

    def stop(self) -> None:
        """Ask the process to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for the end, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()


def try_address(host: str, port: int) -> None:
    """Listen for a moment where the web server will. Raises OSError when nobody can."""
    for family, kind, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE):
        with socket.socket(family, kind) as trial:
            # as the web server does; without it a port just left would count as taken for a minute
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            trial.bind(address)
            trial.listen()


def main() -> None:
    """Run until Ctrl-C or SIGTERM."""
    try:
        settings = config.load()
    except config.ConfigError as problem:
        sys.exit(f"Shiai cannot start. {problem}")
    try:
        try_address(settings.host, settings.port)
    except OSError as problem:
        sys.exit(
            f"Shiai cannot start. Nothing can listen on {settings.host}, port {settings.port}: {problem.strerror}. "
            "Stop the program that listens there, or set SHIAI_PORT or SHIAI_HOST to another one."
        )
    prepared = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "prepare"], cwd=ROOT, check=False)
    if prepared.returncode:
        sys.exit(prepared.returncode)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    services = [Service("web server", "app.server"), Service("worker", "app.worker")]
    for service in services:
        service.start()
    print(f"\n  Shiai runs at {settings.address}   (Ctrl-C stops it)\n", flush=True)
    while not stop.wait(0.5):
        for service in services:
            service.look()
    print("\nStopping: running evaluations get half a minute, then they go back to the queue.", flush=True)
    for service in services:
        service.stop()
    for service in services:
        service.wait(STOP_S)


if __name__ == "__main__":
    os.umask(0o077)
    main()
