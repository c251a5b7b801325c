"""What breaks while a submission is under way is put right without anybody's hand, and no score is counted twice."""

import subprocess
import sys

import pytest

from tests.journeys.challenges import obedient_zip
from tests.journeys.installation import ROOT, until
from tests.journeys.people import live_challenge

# a worker that gives running evaluations a second instead of half a minute
HASTY_WORKER = "from app import consumer, worker; consumer.GRACE_S = 1; worker.main()"


@pytest.fixture(scope="module")
def obedient(host, admin, alice):
    slug = live_challenge(host, admin, obedient_zip("Come what may"))
    alice.take_part(slug)
    return slug


def number(path):
    return int(path.split("/")[-1])


def status(installation, path):
    return installation.rows("select lower(status) from submission where id = ?", number(path))[0][0]


def moves(installation, path):
    found = installation.rows(
        "select lower(status) from submission_move where submission_id = ? order by id", number(path)
    )
    return [row[0] for row in found]


def test_a_killed_worker_is_started_again_and_its_submission_is_scored_once(installation, obedient, alice):
    path = alice.submit(obedient, "dev", "p.txt", b"sleep 2\nscore 0.6")
    until(lambda: status(installation, path) == "running", what="the evaluation")

    killed = installation.kill_worker()
    waiting = alice.submit(obedient, "dev", "p.txt", b"score 0.5")
    finished = alice.wait_for(path)

    assert "Finished" in finished.words
    assert "0.6000" in finished.words
    assert "Finished" in alice.wait_for(waiting).words
    assert installation.worker() != killed
    assert installation.rows("select attempt from submission where id = ?", number(path)) == [(2,)]
    assert moves(installation, path) == ["queued", "running", "queued", "running", "finished"]
    assert installation.rows("select count(*) from entry where submission_id = ?", number(path)) == [(1,)]
    assert (
        alice.get(f"/challenges/{obedient}/leaderboard").words.partition("How this is ranked")[0].count("0.6000") <= 3
    )
    assert "worker ended (-9); it is started again" in installation.log()


def test_a_lost_queue_file_is_healed_and_submissions_go_on(installation, obedient, alice):
    for part in ("", "-wal", "-shm", ".bell"):
        (installation.data / f"queue.db{part}").unlink(missing_ok=True)

    paths = [alice.submit(obedient, "dev", "p.txt", b"score 0.3") for _ in range(2)]

    assert all("Finished" in alice.wait_for(path, seconds=60).words for path in paths)


def test_a_worker_asked_to_stop_puts_a_running_submission_back_at_no_cost(installation, obedient, alice):
    with installation.without_worker():
        path = alice.submit(obedient, "dev", "p.txt", b"sleep 4\nscore 0.2")
        hasty = subprocess.Popen([sys.executable, "-c", HASTY_WORKER], cwd=ROOT, env=installation.environment())
        try:
            until(lambda: status(installation, path) == "running", seconds=60, what="the evaluation")
            hasty.terminate()
            hasty.wait(30)
        finally:
            hasty.kill()
            hasty.wait()
        put_back = status(installation, path)

    finished = alice.wait_for(path)

    assert (hasty.returncode, put_back) == (0, "queued")
    assert "Finished" in finished.words
    assert installation.rows("select attempt from submission where id = ?", number(path)) == [(1,)]
    assert moves(installation, path) == ["queued", "running", "queued", "running", "finished"]


def test_a_trial_whose_worker_is_killed_is_run_again_and_stands_on_no_board(installation, obedient, host):
    address = f"/challenges/{obedient}/manage/versions/1/trials"
    file = ("p.txt", b"sleep 2\nscore 0.8125")
    sent = host.fill_in(address, f"{address}/own-file", {"own-codename": "dev"}, files={"own-file": file})
    path, submissions = sent.path, "select count(*) from submission"
    before = installation.rows(submissions)
    until(lambda: "data-elapsed" in host.get(f"{path}/status").text, what="the trial")

    installation.kill_worker()
    passed = host.wait_for(path)

    assert "Passed" in passed.words
    assert "0.8125" in passed.words
    assert installation.rows("select attempt from trial where id = ?", number(path)) == [(2,)]
    assert installation.rows(submissions) == before
    assert "0.8125" not in host.get(f"/challenges/{obedient}/leaderboard").words
