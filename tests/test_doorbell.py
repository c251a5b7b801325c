"""The queue's bell wakes a waiting worker at once, and its messages are JSON."""

import json
import os
import pickle
import queue
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from app.doorbell import BoundQueue, DoorbellStorage, JsonSerializer

WRITER = """
import sys
from app.doorbell import DoorbellStorage
storage = DoorbellStorage("shiai", filename=sys.argv[1])
storage.enqueue(b"from elsewhere")
storage.close()
"""


@pytest.fixture
def storage(tmp_path):
    made = DoorbellStorage("shiai", filename=str(tmp_path / "queue.db"))
    yield made
    made.close()


def waiting_in_a_thread(storage, found):
    def wait():
        while (message := storage.dequeue()) is None:
            pass
        found.append((message, time.monotonic()))
        storage.close()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_waiting_worker_is_woken_at_once(storage):
    found = []
    thread = waiting_in_a_thread(storage, found)
    time.sleep(0.3)

    rung = time.monotonic()
    storage.enqueue(b"message")
    thread.join(10)

    assert found[0][0] == b"message"
    # polling alone would take up to a second, Huey's own up to ten
    assert found[0][1] - rung < 0.5


def test_a_ring_is_for_one_worker_and_the_other_waits_on(storage):
    answers = queue.SimpleQueue()

    def wait():
        answers.put(storage.dequeue())
        storage.close()

    threads = [threading.Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)

    storage.enqueue(b"message")

    assert answers.get(timeout=10) == b"message"
    # the other looks again by itself after a second; at once it would hold up the one that was rung for
    with pytest.raises(queue.Empty):
        answers.get(timeout=0.3)
    for thread in threads:
        thread.join(10)


def test_another_process_rings_the_same_bell(storage, tmp_path):
    found = []
    thread = waiting_in_a_thread(storage, found)

    subprocess.run([sys.executable, "-c", WRITER, str(tmp_path / "queue.db")], check=True, timeout=60)
    thread.join(10)

    assert found[0][0] == b"from elsewhere"


def test_a_message_whose_ring_was_lost_is_found_all_the_same(storage):
    super(DoorbellStorage, storage).enqueue(b"silent")

    assert storage.dequeue() == b"silent"


def test_a_ring_without_a_message_is_nothing(storage):
    os.write(storage._open_bell(), b"...")

    started = time.monotonic()
    assert storage.dequeue() is None
    assert time.monotonic() - started < 0.9


def test_ringing_without_end_never_blocks_who_rings(storage):
    bell = storage._open_bell()
    with suppress(BlockingIOError):
        while True:
            os.write(bell, b"." * 4096)

    storage.enqueue(b"message")

    assert storage.dequeue() == b"message"


def test_two_workers_never_get_one_message(storage):
    for number in range(20):
        storage.enqueue(str(number).encode())
    taken = []

    def take():
        taken.extend(storage.dequeue() for _ in range(10))
        storage.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken, key=int) == [str(number).encode() for number in range(20)]


def test_the_queue_and_its_bell_are_for_this_account_alone(storage, tmp_path):
    for name in ("queue.db", "queue.db.bell"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert stat.S_ISFIFO((tmp_path / "queue.db.bell").stat().st_mode)


def test_the_same_queue_can_be_opened_twice(storage, tmp_path):
    again = DoorbellStorage("shiai", filename=str(tmp_path / "queue.db"))
    again.enqueue(b"x")

    assert storage.dequeue() == b"x"
    again.close()


def test_messages_are_json_and_pickles_are_refused(tmp_path):
    queue = BoundQueue()
    queue.bind(f"sqlite:///{tmp_path / 'queue.db'}")

    @queue.task()
    def wake(number):
        return number

    wake(7)
    connection = sqlite3.connect(tmp_path / "queue.db")
    (data,) = connection.execute("select data from task").fetchone()
    connection.close()
    assert json.loads(bytes(data))
    assert queue.dequeue().args in ([7], (7,))
    with pytest.raises(ValueError):
        JsonSerializer().deserialize(pickle.dumps(["evaluate_next"]))
    queue.storage.close()


def test_a_queue_not_bound_yet_keeps_its_messages_in_memory():
    assert BoundQueue().pending_count() == 0


def taken(storage):
    """Return the next message, also from a storage that first fails because its file is spoilt."""
    with suppress(sqlite3.DatabaseError):
        return storage.dequeue()


@pytest.mark.parametrize("spoil", ["deleted", "overwritten", "emptied"])
def test_a_queue_that_is_lost_or_spoilt_while_two_processes_use_it_brings_them_together_again(storage, tmp_path, spoil):
    other = DoorbellStorage("shiai", filename=str(tmp_path / "queue.db"))
    for each in (storage, other):
        each.enqueue(b"before")
    file = tmp_path / "queue.db"
    if spoil == "deleted":
        for part in ("", "-wal", "-shm"):
            (tmp_path / f"queue.db{part}").unlink(missing_ok=True)
    else:
        file.write_bytes(b"no database at all" * 500 if spoil == "overwritten" else b"")

    # who rings first may find it out the hard way
    for each in (storage, other) * 2:
        with suppress(sqlite3.DatabaseError):
            each.enqueue(b"try")
    while taken(storage) is not None:
        pass
    other.enqueue(b"after")

    assert storage.dequeue() == b"after"
    other.close()


def test_a_queue_file_that_is_none_does_not_stop_the_start(tmp_path):
    (tmp_path / "queue.db").write_bytes(b"no database at all" * 500)

    made = DoorbellStorage("shiai", filename=str(tmp_path / "queue.db"))
    made.enqueue(b"x")

    assert made.dequeue() == b"x"
    made.close()
