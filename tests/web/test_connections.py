"""What the real server does with connections."""

import contextlib
import http.client
import io
import socket
import threading

import pytest
from waitress.server import BaseWSGIServer, create_server

from app import server as web_server
from app.server import RoomyChannel


@pytest.fixture
def server(monkeypatch):
    """A server that answers 304 to everything, and where a body lay to who sends one, on a port of its own."""

    def answer(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            start_response("200 OK", [])
            return [b"memory" if isinstance(environ["wsgi.input"], io.BytesIO) else b"disk"]
        start_response("304 Not Modified", [("ETag", '"a"')])
        return []

    monkeypatch.setattr(BaseWSGIServer, "channel_class", RoomyChannel)
    server = create_server(answer, host="127.0.0.1", port=0, map={})

    def run():
        # its sockets are closed below while it waits for them
        with contextlib.suppress(OSError, ValueError):
            server.run()

    threading.Thread(target=run, daemon=True).start()
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


def where_it_lay(server, size):
    connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
    connection.request("POST", "/", b"x" * size)
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer


def test_usual_predictions_are_received_in_memory_and_large_ones_on_disk(server):
    assert where_it_lay(server, 1_500_000) == "memory"
    assert where_it_lay(server, 3_000_000) == "disk"


def test_where_very_many_are_connected_nobody_gets_much_memory(server, monkeypatch):
    monkeypatch.setattr(web_server, "FEW_CONNECTIONS", 0)

    assert where_it_lay(server, 1_500_000) == "disk"
