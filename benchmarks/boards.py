"""A board of 100 rows: rendered, unchanged, polled by a thousand browsers; and connections that stay open."""

import socket
import time

from app import clock
from app.extensions import db, writing
from app.models.challenges import PhaseSplit
from app.models.submissions import Entry, Submission
from app.rules.states import SubmissionStatus
from app.services import boards
from benchmarks import load, processes, product, site
from benchmarks.browser import Browser
from benchmarks.product import Product
from benchmarks.report import Line, median, p95

ROWS = 100
CONNECTIONS = 8
SECONDS = 6.0
BROWSERS = 1000
PAUSE_S = 2.0
POLLING_S = 16.0
OPEN = 1200
NUMBER = 200


def measure() -> list[Line]:
    """Measure everything on one web process; no worker runs."""
    with product.running(worker=False) as running:
        (field,), people = site.found(running, "nothing", people=ROWS)
        fill(running, field)
        with Browser(running.port) as browser:
            browser.sign_in(people[0])
            address = browser.live_address(f"/challenges/{field.slug}/leaderboard")
            # what a browser sends while it shows the board
            headers = browser.headers | {"HX-Request": "true", "Accept-Encoding": "gzip"}
        tag = _etag(running.port, address, headers)
        known = headers | {"If-None-Match": tag}
        return [
            # a new address for each request: nothing is answered from memory but the rows, which all share
            *_closed("rendered for a signed-in person", running, f"{address}&n=#", headers, limit=200),
            *_closed("asked for by one address", running, address, headers),
            *_closed("rendered, the page around it too", running, f"/challenges/{field.slug}/leaderboard", headers),
            *_closed("unchanged (304)", running, address, known, limit=2000),
            *_polling(running, address, known),
            *_open_connections(running, address, known),
        ]


def fill(running: Product, field: site.Field) -> None:
    """Give every team of a challenge one scored submission."""
    with running.app.app_context(), writing() as session:
        split = session.get_one(PhaseSplit, field.board_id)
        teams = site.teams(field)
        for number, (team_id, account_id) in enumerate(teams):
            made = submission(field, team_id=team_id, account_id=account_id, number=1)
            session.add(made)
            session.flush()
            scores = {"AUC": 0.5 + number / (2.0 * len(teams))}
            session.add(Entry(submission_id=made.id, phase_split_id=field.board_id, scores=scores))
            boards.refresh_standing(session, split, team_id)
    with running.app.app_context():
        db.session.remove()


def submission(field: site.Field, *, team_id: int, account_id: int, number: int) -> Submission:
    """Return a finished submission, not stored yet."""
    now = clock.now()
    return Submission(
        phase_id=field.phase_id,
        team_id=team_id,
        account_id=account_id,
        version_id=field.version_id,
        number=number,
        form_key=f"{field.phase_id}-{team_id}-{number}",
        status=SubmissionStatus.FINISHED,
        attempt=1,
        file_name="scores.csv",
        file_key=f"{team_id}-{number}",
        size=1,
        sha256="",
        method_name="Gradient boosting, 300 trees",
        on_board=True,
        submitted_at=now,
        started_at=now,
        completed_at=now,
        seconds=0.1,
    )


def _closed(
    what: str, running: Product, path: str, headers: dict[str, str], *, limit: float | None = None
) -> list[Line]:
    """Ask as fast as the server answers, over a few connections."""
    task = load.Task(port=running.port, path=path, headers=headers, connections=CONNECTIONS, seconds=SECONDS)
    before = processes.cpu_seconds(running.web_tree())
    done = load.run(task).only(304 if "If-None-Match" in headers else 200)
    cpu = (processes.cpu_seconds(running.web_tree()) - before) / len(done.milliseconds) * 1000
    return [
        Line(
            name=f"board of {ROWS} rows, {what}",
            value=done.rate,
            unit="/s",
            limit=limit,
            at_least=True,
            note=f"{cpu:.2f} ms of processor each",
        )
    ]


def _polling(running: Product, path: str, headers: dict[str, str]) -> list[Line]:
    task = load.Task(
        port=running.port, path=path, headers=headers, connections=BROWSERS, seconds=POLLING_S, pause=PAUSE_S
    )
    process = load.start(task)
    # until everybody is connected
    time.sleep(PAUSE_S * 2)
    tree = running.web_tree()
    before, begin = processes.cpu_seconds(tree), time.perf_counter()
    time.sleep(POLLING_S - PAUSE_S * 3)
    cores = (processes.cpu_seconds(tree) - before) / (time.perf_counter() - begin)
    done = load.finish(process).only(304)
    return [
        Line(
            name=f"{BROWSERS:,} browsers polling every {PAUSE_S:.0f} s, median",
            value=median(done.milliseconds),
            unit="ms",
            note=f"{done.rate:.0f} polls a second",
        ),
        Line(name="  95th percentile", value=p95(done.milliseconds), unit="ms", limit=10),
        Line(name="  processor of the web server", value=cores, unit="core", limit=0.7),
    ]


def _open_connections(running: Product, path: str, headers: dict[str, str]) -> list[Line]:
    """Hold more connections than select() can count and ask over some of them."""
    request = load.Task(port=running.port, path=path, headers=headers, connections=1, seconds=1).request(0)
    held: list[socket.socket] = []
    try:
        held.extend(socket.create_connection(("127.0.0.1", running.port), 10) for _ in range(OPEN))
        answered = sum(_answers(held[number - 1], request) for number in (1, NUMBER, 1000, OPEN))
        alive = running.web is not None and running.web.poll() is None
    finally:
        for connection in held:
            connection.close()
    return [
        Line(
            name=f"{OPEN:,} connections open; numbers 1, {NUMBER}, 1,000 and {OPEN:,} answered",
            value=answered if alive else 0,
            unit="of 4",
            limit=4,
            at_least=True,
        )
    ]


def _answers(connection: socket.socket, request: bytes) -> bool:
    connection.settimeout(10)
    try:
        connection.sendall(request)
        return connection.recv(4096).startswith(b"HTTP/1.1 304")
    except OSError:
        return False


def _etag(port: int, path: str, headers: dict[str, str]) -> str:
    request = load.Task(
        port=port, path=path, headers=headers | {"Connection": "close"}, connections=1, seconds=1
    ).request(0)
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    for line in answer.partition(b"\r\n\r\n")[0].decode().split("\r\n"):
        name, _, value = line.partition(": ")
        if name.lower() == "etag":
            return value
    raise RuntimeError(f"the board has no ETag: {answer[:500]!r}")
