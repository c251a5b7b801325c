"""A PostgreSQL and a Redis of the tests' own, on free ports and in a folder that goes with them.

`python -m tests.servers COMMAND …` runs a command beside both and tells it where they are; `make test-postgres` does so.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

START_S = 30
MEMORY = Path("/dev/shm")
# what is measured is the product, and a test's rows need not survive a power cut
IN_HASTE = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
MISSING = "no PostgreSQL or no Redis server is installed here (Debian: apt-get install postgresql redis-server)"


def postgres_programs():
    """Return the folder of PostgreSQL's own programs, the newest there is; None where it is not installed."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    # Debian keeps them off the path
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: float(it.parent.name), reverse=True)
    return next((it for it in folders if (it / "postgres").exists() and (it / "initdb").exists()), None)


def are_installed():
    """Whether both servers can be started here."""
    return postgres_programs() is not None and shutil.which("redis-server") is not None


def free_port():
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port):
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """One server process that can be stopped and started again with what it kept."""

    def __init__(self, command, port, **options):
        self.port, self._command, self._options, self._process = port, command, options, None

    def start(self):
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **self._options
        )
        deadline = time.monotonic() + START_S
        while not _listens(self.port):
            assert self._process.poll() is None, f"{self._command[0]} ended"
            assert time.monotonic() < deadline, f"{self._command[0]} does not listen"
            time.sleep(0.05)
        return self

    def stop(self):
        """End it, and with it every connection to it."""
        if self._process is not None and self._process.poll() is None:
            # PostgreSQL takes this for "close all connections and end in order"
            self._process.send_signal(2)
            try:
                self._process.wait(START_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _account():
    """Return what runs a process as somebody else where we are root, as whom PostgreSQL refuses to run."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def _folder():
    # in memory, where a database is copied thirty times as fast; not below pytest's own folders, which only root may enter
    with tempfile.TemporaryDirectory(prefix="shiai-server-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        if os.geteuid() == 0:
            shutil.chown(name, "postgres", "postgres")
        yield Path(name)


@contextmanager
def postgres():
    """Run a PostgreSQL; yield the Server and the address of a database in it whose user may make others."""
    programs = postgres_programs()
    with _folder() as folder:
        data = folder / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "shiai", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **_account(),
        )
        port = free_port()
        command = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
        server = Server([*command, *IN_HASTE.split()], port, cwd=folder, **_account())
        server.start()
        try:
            yield server, f"postgresql://shiai@127.0.0.1:{port}/postgres"
        finally:
            server.stop()


@contextmanager
def redis():
    """Run a Redis that keeps nothing; yield the Server and its address."""
    with tempfile.TemporaryDirectory(prefix="shiai-server-") as folder:
        port = free_port()
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        # one for every test's folder
        command += ["--databases", "4096"]
        server = Server(command, port)
        server.start()
        try:
            yield server, f"redis://127.0.0.1:{port}/0"
        finally:
            server.stop()


def main():
    """Run the command of the line beside both servers, and end as it ends."""
    if not are_installed():
        sys.exit(f"The long form needs both servers: {MISSING}.")
    with postgres() as (_, database), redis() as (_, queue):
        told = {"TEST_DATABASE_URL": database, "TEST_QUEUE_URL": queue}
        with contextlib.suppress(KeyboardInterrupt):
            sys.exit(subprocess.run(sys.argv[1:], env=os.environ | told, check=False).returncode)


if __name__ == "__main__":
    main()
