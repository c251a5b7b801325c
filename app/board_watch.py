"""The versions of all boards in memory, kept fresh by one thread, so that polling an unchanged board costs no query.

SQLite tells cheaply whether anybody wrote (`PRAGMA data_version`, 4 microseconds); other databases are asked for the
small table itself. The table has one short row a board.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select

from app.extensions import db, is_sqlite
from app.models.leaderboards import BoardVersion
from app.models.site import Site

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.05
LOOK_EVERY_ELSEWHERE_S = 0.25
PATH = re.compile(r"^/boards/(\d+)/rows$")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]


def etag(board_id: int, version: int) -> str:
    """Return the name of one state of one board, as it stands in ETag and If-None-Match."""
    return f'"board-{board_id}-{version}"'


class BoardWatch:
    """Knows which state each openly readable board is in; empty until started."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}
        self._stop = threading.Event()

    def start(self, app: Flask) -> None:
        """Watch the database of this application from a thread of its own."""
        with app.app_context():
            engine = db.engine
        threading.Thread(target=self._watch, args=(engine,), name="board-watch", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()

    def current(self, board_id: str) -> str | None:
        """Return the ETag of an open board, None when the board must be asked for in the ordinary way."""
        return self._open.get(board_id)

    def _watch(self, engine: Engine) -> None:
        seen: object = None
        every = LOOK_EVERY_S if is_sqlite(engine) else LOOK_EVERY_ELSEWHERE_S
        connection = engine.raw_connection() if is_sqlite(engine) else None
        while not self._stop.wait(every):
            try:
                state = self._data_version(connection) if connection is not None else object()
                if state != seen:
                    self._open = _read(engine)
                    seen = state
            except Exception:
                # a locked or restarting database: answer nothing from memory until it can be read again
                self._open = {}
                log.exception("the boards cannot be watched at the moment")
                self._stop.wait(1.0)
        if connection is not None:
            connection.close()

    def _data_version(self, connection: Any) -> int:
        cursor = connection.cursor()
        try:
            version: int = cursor.execute("pragma data_version").fetchone()[0]
        finally:
            cursor.close()
        return version


def _read(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        visitors = connection.scalar(select(Site.visitors_may_read).limit(1))
        if not visitors:
            return {}
        rows = connection.execute(select(BoardVersion.phase_split_id, BoardVersion.version).where(BoardVersion.is_open))
        return {str(row.phase_split_id): etag(row.phase_split_id, row.version) for row in rows}


class Unchanged:
    """WSGI middleware that answers 304 to a poll of an open, unchanged board before Flask is asked."""

    def __init__(self, app: WsgiApp, watch: BoardWatch, headers: Iterable[tuple[str, str]]) -> None:
        self._app = app
        self._watch = watch
        self._headers = list(headers)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get("HTTP_IF_NONE_MATCH")
        found = PATH.match(environ.get("PATH_INFO", "")) if asked and environ["REQUEST_METHOD"] == "GET" else None
        if found is not None and asked == self._watch.current(found[1]):
            start_response("304 Not Modified", [("ETag", asked), ("Cache-Control", "no-store"), *self._headers])
            return []
        return self._app(environ, start_response)
