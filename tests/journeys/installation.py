"""A real Shiai on a data directory of its own: launcher, web server, worker and warm parent as processes."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
START_S = 60
STOP_S = 45
LOG_TAIL = 12_000
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def until(question, *, seconds=30, every=0.1, what="it"):
    """Ask again and again until the answer is true, and return it; AssertionError when the time is up."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(every)


class Installation:
    """What `make run` starts, with settings of the test's choice; ends only the processes it started."""

    def __init__(self, folder, **settings):
        self.data = folder / "data"
        self.log_path = folder / "log"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        own = {"SHIAI_DATA_DIR": self.data, "SHIAI_PORT": self.port, "SHIAI_WORKERS": 2}
        self._settings = own | databases.settings_for(self.data) | settings
        self._database = self._settings.get("SHIAI_DATABASE_URL", self.data / "shiai.db")
        self._launcher = None

    def start(self):
        """Run the launcher and wait until pages are answered and the worker has said that it is there."""
        with self.log_path.open("ab") as log:
            self._launcher = subprocess.Popen(
                [sys.executable, "launch.py"],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # a test run that is itself killed leaves nothing behind
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM),  # noqa: PLW1509 - no thread of ours here
            )
        try:
            until(self._is_ready, seconds=START_S, what="the start")
        except AssertionError as problem:
            self.stop()
            raise AssertionError(f"{problem}\n{self.log()}") from None
        return self

    def environment(self):
        """Return the environment for a process of this installation: nothing of the developer's own settings."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SHIAI_")}
        own = {name: str(value) for name, value in self._settings.items()}
        return inherited | own | {"PYTHONUNBUFFERED": "1"}

    def stop(self):
        """Ask the launcher to end, as Ctrl-C does, and see that nothing it started is left."""
        ours = self._family()
        self._launcher.terminate()
        try:
            self._launcher.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._launcher.kill()
            self._launcher.wait()
        for pid in ours:
            if _command(pid):
                os.kill(pid, signal.SIGKILL)

    def log(self):
        """Return the end of what all processes printed."""
        return self.log_path.read_text(errors="replace")[-LOG_TAIL:] if self.log_path.exists() else ""

    def set_up_path(self):
        """Return the path of the set-up link that the console shows."""
        return re.search(r"(/setup/\S+)", self.log_path.read_text())[1]

    def worker(self):
        """Return the process id of the worker, None while there is none."""
        return self._service("app.worker")

    def web_server(self):
        """Return the process id of the web server, None while there is none."""
        return self._service("app.server")

    def kill_worker(self):
        """End the worker as a power cut would, and return its process id."""
        pid = until(self.worker, what="the worker's start")
        os.kill(pid, signal.SIGKILL)
        return pid

    @contextmanager
    def without_worker(self):
        """Hold the launcher and end the worker, so that a test can run one of its own."""
        worker = until(self.worker, what="the worker's start")
        os.kill(self._launcher.pid, signal.SIGSTOP)
        try:
            os.kill(worker, signal.SIGTERM)
            until(lambda: not _command(worker), what="the worker's end")
            yield
        finally:
            os.kill(self._launcher.pid, signal.SIGCONT)

    def rows(self, question, *values):
        """Ask the database itself; for what no page shows, such as how often a submission was tried."""
        return databases.rows(self._database, question, *values)

    def forget_tries(self):
        """Let more people sign up from this machine than an hour allows; a whole company does so in a few minutes."""
        databases.change(self._database, "delete from failed_try")

    def _is_ready(self):
        assert self._launcher.poll() is None, "the launcher ended"
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                return answer.status == 200 and bool(self.rows("select 1 from worker_beat"))
        except (OSError, urllib.error.URLError, *databases.ERRORS):
            return False

    def _service(self, module):
        found = (pid for pid in self._family() if _command(pid)[1:] == ["-m", module])
        return next(found, None)

    def _family(self):
        return [pid for pid, parent in _processes() if parent == self._launcher.pid]


def _processes():
    """Yield (process id, parent's id) of everything that runs."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
        except OSError:
            continue
        # the name in brackets may hold blanks and brackets itself
        yield int(folder.name), int(stat.rpartition(")")[2].split()[1])


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []
