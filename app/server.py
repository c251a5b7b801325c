"""The web server's front door: the application behind waitress, with the limits and time-outs that were measured."""

import copy
import ctypes
import functools
import logging
import os
import resource
import sys
import tempfile
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import WSGITask

import config
from app import web
from app.board_watch import BoardWatch, OpenBoards
from app.foundation import make_app
from app.lease_watch import LeaseWatch
from app.web.headers import always

RECEIVE_BYTES = 256 * 1024
SPARE_FILES = 100
FEW_CONNECTIONS = 200
# malloc.h
_ARENA_MAX = -8
IN_MEMORY_BYTES = 2 * config.MIB


def main() -> None:
    """Serve until told to stop."""
    os.umask(0o077)
    share_one_heap()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s web     %(message)s", stream=sys.stderr)
    # four threads are meant to have a short queue; waitress warns of every one
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        settings = config.load()
    except config.ConfigError as problem:
        sys.exit(f"Shiai's web server cannot start. {problem}")
    # waitress spools large bodies to a temporary file; /tmp may be memory, the data directory is not
    os.environ["TMPDIR"] = tempfile.tempdir = str(settings.data_dir / "tmp")
    app = make_app(settings)
    web.register(app)
    watch = BoardWatch()
    watch.start(app)
    LeaseWatch().start(app)
    largest = max(settings.max_submission_bytes, settings.max_bundle_bytes)
    BaseWSGIServer.channel_class = RoomyChannel
    server = create_server(
        OpenBoards(app, watch, always(settings)),
        host=settings.host,
        port=settings.port,
        threads=settings.web_threads,
        connection_limit=affordable_connections(settings.connection_limit),
        # select() ends the process past 1,023 descriptors
        asyncore_use_poll=True,
        recv_bytes=RECEIVE_BYTES,
        channel_timeout=60,
        max_request_header_size=32768,
        # above our own limit, so that people see our page and not a broken connection
        max_request_body_size=largest + 64 * config.MIB,
        clear_untrusted_proxy_headers=True,
        ident=None,
        **_proxy(settings),
    )
    server.run()


class LastingTask(WSGITask):
    """Keeps the connection after an answer without a body, such as 304.

    waitress closes it, because such an answer has no length; its end is known all the same (RFC 9112, 6.3). Where very
    many are open they are closed as before: waitress looks at each of them on every turn, and for a thousand polling
    browsers that costs twice as much as opening a connection for each poll (docs/performance.md).
    """

    def set_close_on_finish(self) -> None:
        headers: dict[str, str] = self.request.headers  # type: ignore[attr-defined]  # missing in the stubs
        asked = headers.get("CONNECTION", "").lower() == "close"
        open_now: dict[int, object] = self.channel.server.active_channels  # type: ignore[assignment]  # wrong in the stubs
        if self.has_body or asked or len(open_now) > FEW_CONNECTIONS or self.version != "1.1":
            super().set_close_on_finish()


class RoomyChannel(HTTPChannel):
    """Receives usual predictions in memory: spooling 1.5 MB to a file and back takes 2 ms of the way to its score.

    Where very many connections are open, each keeps to waitress's half a mebibyte before it goes to the disk.
    """

    task_class = LastingTask

    def received(self, data: bytes) -> bool:
        """Take the next piece of a request."""
        if self.request is None:
            open_now: dict[int, object] = self.server.active_channels  # type: ignore[assignment]  # wrong in the stubs
            self.adj = self.server.adj if len(open_now) > FEW_CONNECTIONS else _roomy(self.server.adj)
        return bool(super().received(data))


@functools.cache
def _roomy(adj: Adjustments) -> Adjustments:
    roomy = copy.copy(adj)
    roomy.inbuf_overflow = IN_MEMORY_BYTES
    return roomy


def _proxy(settings: config.Settings) -> dict[str, Any]:
    if not settings.trusted_proxy:
        return {}
    return {
        "trusted_proxy": settings.trusted_proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


def share_one_heap() -> None:
    """Keep the C library from giving threads heaps of their own: they take turns anyway, and it saves 5 MiB."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_ARENA_MAX, 1)


def affordable_connections(wish: int) -> int:
    """Raise the number of files we may open as far as allowed and return how many connections that carries."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = wish + SPARE_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft < wanted:
        logging.getLogger(__name__).warning("only %s open files are allowed: serving %s connections", soft, soft - 100)
    return min(wish, soft - SPARE_FILES)


if __name__ == "__main__":
    main()
