"""What the real server does with connections."""

import http.client
import socket
import threading

import pytest
from waitress.channel import HTTPChannel
from waitress.server import create_server

from app.server import LastingTask


@pytest.fixture
def server(monkeypatch):
    """A server that answers 304 to everything, on a port of its own."""

    def unchanged(_environ, start_response):
        start_response("304 Not Modified", [("ETag", '"a"')])
        return []

    monkeypatch.setattr(HTTPChannel, "task_class", LastingTask)
    server = create_server(unchanged, host="127.0.0.1", port=0, map={})
    threading.Thread(target=server.run, daemon=True).start()
    yield server
    server.close()


def test_an_unchanged_answer_keeps_the_connection(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
    connection.connect()
    first = connection.sock

    for _ in range(3):
        connection.request("GET", "/")
        connection.getresponse().read()

    assert connection.sock is first
    connection.close()


def test_a_connection_is_closed_when_the_browser_asks_for_it(server):
    with socket.create_connection(("127.0.0.1", server.effective_port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")

        answer = b"".join(iter(lambda: connection.recv(4096), b""))

    assert b"Connection: close" in answer
