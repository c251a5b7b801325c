"""The versions of all boards in memory, kept fresh by one thread, so that polling an unchanged board costs no query.

SQLite tells cheaply whether anybody wrote (`PRAGMA data_version`, 4 microseconds); other databases are asked for the
small table itself. The table has one short row a board.
"""

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Engine, select

from app import clock
from app.engines import is_away, is_sqlite
from app.extensions import db
from app.models.leaderboards import BoardVersion
from app.models.site import Site

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.05
LOOK_EVERY_ELSEWHERE_S = 0.25
# names of teams and people change without a new state: kept twice in a row (here and where rows are drawn), an answer
# is no older than a score may take to show
KEPT_S = 1.0
MOST_KEPT = 256
BY_ADDRESS = "shiai.by_address"
OPEN_STATE = "shiai.open_state"
PATH = re.compile(r"^/boards/(\d+)/rows$")
# written once: putting a statement together takes longer than running it, and this follows every write
_SITE = select(Site.visitors_may_read, Site.timezone).limit(1)
_OPEN_BOARDS = select(BoardVersion.phase_split_id, BoardVersion.version).where(BoardVersion.is_open)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]


def etag(board_id: int, version: int, day: date | None = None) -> str:
    """Return the name of one state of one board, as it stands in ETag and If-None-Match.

    What tells of movement since the last midnight is another at the next one: it belongs to a `day` of the site.
    """
    return f'"board-{board_id}-{version}"' if day is None else f'"board-{board_id}-{version}-{day:%Y%m%d}"'


def today(zone: str) -> date:
    """Return the day that it is in a time zone."""
    return clock.now().astimezone(ZoneInfo(zone)).date()


class BoardWatch:
    """Knows which state each openly readable board is in; empty until started."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}
        self._stop = threading.Event()

    def start(self, app: Flask) -> None:
        """Watch the database of this application from a thread of its own."""
        with app.app_context():
            engine = db.engine
        zone = app.extensions["settings"].timezone
        threading.Thread(target=self._watch, args=(engine, zone), name="board-watch", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()

    def current(self, board_id: str) -> str | None:
        """Return the ETag of an open board, None when the board must be asked for in the ordinary way."""
        return self._open.get(board_id)

    def _watch(self, engine: Engine, server_zone: str) -> None:
        seen: object = None
        zone = server_zone
        every = LOOK_EVERY_S if is_sqlite(engine) else LOOK_EVERY_ELSEWHERE_S
        connection = engine.raw_connection() if is_sqlite(engine) else None
        is_lost = False
        while not self._stop.wait(every):
            try:
                version = self._data_version(connection) if connection is not None else object()
                if (version, today(zone)) != seen:
                    found = _read(engine, server_zone)
                    self._open, zone, seen = found.tags, found.zone, (version, found.day)
                is_lost = False
            except Exception as problem:
                # a locked or restarting database, said once: nothing is answered from memory until it can be read again
                self._open = {}
                if not is_lost:
                    log.warning("the boards cannot be watched at the moment", exc_info=not is_away(problem))
                is_lost, seen = True, None
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


@dataclass(frozen=True)
class Read:
    """The ETag of each open board by its number, the time zone of the site, and the day they are of."""

    tags: dict[str, str]
    zone: str
    day: date


def _read(engine: Engine, server_zone: str) -> Read:
    with engine.connect() as connection:
        site = connection.execute(_SITE).first()
        zone = (site.timezone if site is not None else None) or server_zone
        day = today(zone)
        if site is None or not site.visitors_may_read:
            return Read({}, zone, day)
        rows = connection.execute(_OPEN_BOARDS)
        tags = {str(row.phase_split_id): etag(row.phase_split_id, row.version, day) for row in rows}
        return Read(tags, zone, day)


@dataclass(frozen=True)
class Kept:
    """An answer as Flask gave it: the state of the board it shows, its headers and its body."""

    state: str
    headers: list[tuple[str, str]]
    body: bytes
    until: float


class OpenBoards:
    """WSGI middleware that answers for an open board before Flask is asked: 304 to who knows its state already, and the
    rows as they were drawn last to who asks for them by the same address.

    The view marks answers that depend on nothing but their address (`environ[BY_ADDRESS]`); only those are kept. It is
    told which state an open board is in (`environ[OPEN_STATE]`).
    """

    def __init__(self, app: WsgiApp, watch: BoardWatch, headers: Iterable[tuple[str, str]]) -> None:
        self._app = app
        self._watch = watch
        self._headers = list(headers)
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = PATH.match(environ.get("PATH_INFO", "")) if environ["REQUEST_METHOD"] == "GET" else None
        state = self._watch.current(found[1]) if found is not None else None
        if state is None:
            return self._app(environ, start_response)
        if environ.get("HTTP_IF_NONE_MATCH") == state:
            start_response("304 Not Modified", [("ETag", state), ("Cache-Control", "no-store"), *self._headers])
            return []
        # the name of the host too: under a name that is not ours Flask answers nobody
        key = (environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept.state != state or time.monotonic() > kept.until:
            environ[OPEN_STATE] = state
            return self._ask(environ, start_response, key)
        start_response("200 OK", kept.headers)
        return [kept.body]

    def _ask(self, environ: Environ, start_response: StartResponse, key: tuple[str, ...]) -> Iterable[bytes]:
        """Have Flask answer, and keep what it says if the address alone decides that."""
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def note(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            said.append((status, headers))
            return start_response(status, headers, *failure)

        answer = self._app(environ, note)
        if not environ.get(BY_ADDRESS):
            return answer
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        status, headers = said[-1]
        names = {name.lower(): value for name, value in headers}
        if status.startswith("200 ") and "etag" in names and "set-cookie" not in names:
            self._keep(key, Kept(names["etag"], headers, body, time.monotonic() + KEPT_S))
        return [body]

    def _keep(self, key: tuple[str, ...], kept: Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
