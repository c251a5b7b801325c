"""The load generator, a process of its own: keep-alive connections that ask again at once, or every few seconds.

`python -m benchmarks.load` reads a Task as JSON from standard input and writes a Load to standard output.
"""

import heapq
import json
import random
import resource
import select
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field

SPREAD = 0.25
LATE_S = 10.0
NO_BODY = (b" 304 ", b" 204 ")


@dataclass(frozen=True, kw_only=True)
class Task:
    """What to ask for: over how many connections, for how long, and with what pause (0: at once) on each.

    `#` in the path becomes a new number for each request.
    """

    port: int
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    connections: int
    seconds: float
    pause: float = 0.0

    def request(self, number: int) -> bytes:
        """The bytes of one request."""
        path = self.path.replace("#", str(number))
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(kw_only=True)
class Load:
    """What came of it: answers by status, how long each took in milliseconds, connections that broke."""

    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    broken: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds

    def only(self, status: int) -> "Load":
        """Return this load; RuntimeError when anything but `status` was answered or a connection broke."""
        if set(self.statuses) != {str(status)} or self.broken:
            raise RuntimeError(f"expected only {status}: {self.statuses}, {self.broken} connections broke")
        return self


def start(task: Task) -> "subprocess.Popen[str]":
    """Begin to load the server; `finish` waits for the result."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if process.stdin is None:
        raise RuntimeError("the load generator takes no input")
    process.stdin.write(json.dumps(asdict(task)))
    process.stdin.close()
    return process


def finish(process: "subprocess.Popen[str]") -> Load:
    """Wait for the end and return what came of it."""
    if process.stdout is None:
        raise RuntimeError("the load generator gives no output")
    text = process.stdout.read()
    if process.wait():
        raise RuntimeError("the load generator failed")
    return Load(**json.loads(text))


def run(task: Task) -> Load:
    """Load the server and return what came of it."""
    return finish(start(task))


class Client:
    """One connection: a request is out or it rests."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.sent_at = 0.0
        self.is_over = False
        self._got = b""
        self.open()

    def open(self) -> None:
        """Connect, again where the server has closed the connection."""
        self.socket = socket.create_connection(("127.0.0.1", self._port), 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.is_over = False

    def ask(self, request: bytes) -> None:
        """Send the request."""
        self.socket.sendall(request)

    def take(self) -> bytes | None:
        """Read what came; the status once the answer is whole, None before. ConnectionError when it was cut off."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end or not (any(mark in head[:16] for mark in NO_BODY) or len(body) >= _length(head)):
            return None
        self._got = b""
        self.is_over = b"\r\nconnection: close" in head.lower()
        return head[9:12]


class Generator:
    """All connections of one task, driven by one thread."""

    def __init__(self, task: Task) -> None:
        self._task, self._asked = task, 0
        self._load = Load()
        self._poll = select.epoll()
        self._clients: dict[int, Client] = {}
        self._due: list[tuple[float, int]] = []

    def run(self) -> Load:
        """Ask until the time is over."""
        begin = self._open()
        end = begin + self._task.seconds
        while (now := time.perf_counter()) < end:
            while self._due and self._due[0][0] <= now:
                self._ask(heapq.heappop(self._due)[1])
            wait = min(end, self._due[0][0] if self._due else end) - time.perf_counter()
            for descriptor, _ in self._poll.poll(max(0.0, wait), 4096):
                self._take(descriptor)
        self._load.seconds = time.perf_counter() - begin
        return self._load

    def _open(self) -> float:
        """Connect everybody and let them begin, spread over one pause; return the moment it begins."""
        for _ in range(self._task.connections):
            client = Client(self._task.port)
            self._clients[client.socket.fileno()] = client
            self._poll.register(client.socket, select.EPOLLIN)
        begin = time.perf_counter()
        for descriptor in self._clients:
            heapq.heappush(self._due, (begin + random.random() * self._task.pause, descriptor))
        return begin

    def _ask(self, descriptor: int) -> None:
        client = self._clients[descriptor]
        # opening a connection again is part of what an answer takes
        client.sent_at = time.perf_counter()
        try:
            if client.is_over:
                descriptor = self._reopen(descriptor)
            self._asked += 1
            client.ask(self._task.request(self._asked))
        except OSError:
            self._drop(descriptor)

    def _take(self, descriptor: int) -> None:
        client = self._clients[descriptor]
        if client.is_over:
            self._poll.modify(descriptor, 0)
            return
        try:
            status = client.take()
        except OSError:
            self._drop(descriptor)
            return
        if status is None:
            return
        now = time.perf_counter()
        self._load.milliseconds.append((now - client.sent_at) * 1000)
        self._load.statuses[status.decode()] = self._load.statuses.get(status.decode(), 0) + 1
        if not self._task.pause:
            self._ask(descriptor)
            return
        pause = self._task.pause * (1 + random.uniform(-SPREAD, SPREAD))
        heapq.heappush(self._due, (now + pause, descriptor))

    def _reopen(self, descriptor: int) -> int:
        client = self._clients.pop(descriptor)
        self._poll.unregister(descriptor)
        client.socket.close()
        client.open()
        self._clients[client.socket.fileno()] = client
        self._poll.register(client.socket, select.EPOLLIN)
        return client.socket.fileno()

    def _drop(self, descriptor: int) -> None:
        self._load.broken += 1
        self._poll.unregister(descriptor)
        self._clients.pop(descriptor).socket.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    raise RuntimeError("an answer without a length")


def allow_many_files() -> None:
    """Raise the number of open files as far as allowed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    allow_many_files()
    print(json.dumps(asdict(Generator(Task(**json.load(sys.stdin))).run())))
