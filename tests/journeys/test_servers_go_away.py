"""PostgreSQL and Redis are restarted under a running site: pages say so, and what was sent is scored once all the same."""

import pytest

from tests import servers
from tests.journeys.challenges import obedient_zip
from tests.journeys.installation import Installation, until
from tests.journeys.people import live_challenge, set_up, sign_up_host
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.skipif(not servers.are_installed(), reason=servers.MISSING)


@pytest.fixture(scope="module")
def database():
    with servers.postgres() as running:
        yield running


@pytest.fixture(scope="module")
def queue():
    with servers.redis() as running:
        yield running


@pytest.fixture(scope="module")
def installation(tmp_path_factory, database, queue):
    """Shiai on both servers, as two settings say."""
    folder = tmp_path_factory.mktemp("served")
    running = Installation(folder, SHIAI_DATABASE_URL=database[1], SHIAI_QUEUE_URL=queue[1])
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def admin(installation):
    return set_up(installation)


@pytest.fixture(scope="module")
def obedient(installation, admin):
    return live_challenge(sign_up_host(installation, admin), admin, obedient_zip("Come what may"))


@pytest.fixture(scope="module")
def alice(installation, obedient):
    alice = Visitor(installation.address).sign_up("Alice")
    alice.take_part(obedient)
    return alice


def outcome(installation, path):
    return installation.rows("select status, attempt from submission where id = ?", int(path.split("/")[-1]))[0]


def test_a_submission_is_scored_and_the_board_of_an_open_browser_follows(installation, obedient, alice):
    board = f"/challenges/{obedient}/leaderboard"
    assert "0.8000" not in alice.get(board).words

    path = alice.submit(obedient, "dev", "p.txt", b"score 0.8")

    assert "0.8000" in alice.wait_for(path).words
    assert "0.8000" in alice.get(board).words
    assert outcome(installation, path) == ("finished", 1)
    assert not list(installation.data.glob("*.db*"))


def test_without_redis_submissions_go_on_and_with_it_too(installation, obedient, alice, queue):
    server, _address = queue
    server.stop()
    without = alice.submit(obedient, "dev", "p.txt", b"score 0.1")
    assert "0.1000" in alice.wait_for(without).words

    server.start()
    until(lambda: "can be read again" in installation.log(), what="the worker's return to the queue")

    assert "0.2000" in alice.wait_for(alice.submit(obedient, "dev", "p.txt", b"score 0.2")).words


def test_a_restart_of_postgresql_is_told_and_costs_nobody_a_score(installation, obedient, alice, database):
    server, _address = database
    paths = [alice.submit(obedient, "dev", "p.txt", f"sleep 2\nscore 0.{number}".encode()) for number in (3, 4)]
    until(lambda: outcome(installation, paths[1])[0] == "running", what="the evaluations")

    server.stop()
    told, refused = alice.get("/"), alice.get(paths[0])
    # both evaluations end meanwhile
    until(lambda: installation.log().count("a result waits for the database") >= 2, what="two results")
    server.start()
    until(lambda: alice.get("/").status == 200, what="the return of the pages")

    assert (told.status, refused.status) == (503, 503)
    assert "The database cannot be reached" in told.words
    assert ["Finished" in alice.wait_for(path).words for path in paths] == [True, True]
    assert [outcome(installation, path) for path in paths] == [("finished", 1)] * 2
    assert "Traceback" not in installation.log()
