"""Files on disk: hashed on the way, kept whole or not at all, gone when nobody keeps them."""

import hashlib
import os
import stat
import threading
from pathlib import Path

import pytest

from app import storage
from app.storage import Store


@pytest.fixture
def store(tmp_path):
    for name in ("store", "packages", "tmp"):
        (tmp_path / name).mkdir()
    made = Store()
    made.bind(tmp_path)
    return made


@pytest.fixture
def calls(monkeypatch):
    """Every flush and rename in the order they happen, with what they concern."""
    found = []
    real_fsync, real_rename = os.fsync, os.rename

    def fsync(handle):
        found.append(("fsync", str(Path(f"/proc/self/fd/{handle}").readlink())))
        real_fsync(handle)

    def rename(source, target, **options):
        found.append(("rename", str(target)))
        real_rename(source, target, **options)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    return found


def received(store, content=b"hello"):
    incoming = store.incoming()
    incoming.write(content)
    return incoming


def test_what_is_kept_is_what_came_with_its_size_and_its_hash(store):
    content = os.urandom(3_000_000)
    incoming = store.incoming()
    for start in range(0, len(content), 70_001):
        incoming.write(content[start : start + 70_001])

    kept = store.keep(incoming)

    assert (kept.size, kept.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert store.path(kept.key).read_bytes() == content
    assert list(store.parts.iterdir()) == []
    incoming.discard()
    assert store.path(kept.key).exists()


def test_names_are_ours_and_never_the_same(store):
    keys = {store.keep(received(store)).key for _ in range(20)}

    assert len(keys) == 20
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in keys)


def test_bytes_are_on_disk_before_the_name_and_the_name_before_the_answer(store, calls):
    incoming = received(store)

    kept = store.keep(incoming)

    target = store.path(kept.key)
    assert calls == [
        ("fsync", str(store.root)),
        ("fsync", str(incoming.path)),
        ("rename", str(target)),
        ("fsync", str(target.parent)),
    ]
    incoming.discard()


def test_a_package_is_on_disk_whole_before_it_has_its_name(store, calls, tmp_path):
    source = tmp_path / "script"
    (source / "inner").mkdir(parents=True)
    (source / "main.py").write_text("x = 1")
    (source / "inner" / "more.py").write_text("y = 2")

    key = store.keep_package(source)

    renamed = next(at for at, call in enumerate(calls) if call[0] == "rename")
    flushed = {path.rsplit("/", 1)[-1] for kind, path in calls[:renamed] if kind == "fsync"}
    assert {"main.py", "more.py", "inner"} <= flushed
    assert calls[-1] == ("fsync", str(store.packages))
    assert (store.package(key) / "inner" / "more.py").read_text() == "y = 2"


def test_what_nobody_keeps_is_gone(store):
    incoming = received(store)

    incoming.discard()
    incoming.discard()

    assert list(store.parts.iterdir()) == []
    assert list(store.root.iterdir()) == []


def test_a_copy_that_fails_leaves_nothing(store, tmp_path):
    with pytest.raises(FileNotFoundError):
        store.keep_copy(tmp_path / "missing")

    assert list(store.parts.iterdir()) == []


def test_a_disk_that_is_full_at_the_flush_leaves_no_name(store, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    incoming = received(store)
    (store.root / "exists").mkdir()
    monkeypatch.setattr(storage.os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        store.keep(incoming)

    incoming.discard()
    assert [path for path in store.root.rglob("*") if path.is_file()] == []
    assert list(store.parts.iterdir()) == []


def test_a_kept_file_can_be_read_back_and_discarded_twice(store):
    kept = store.keep(received(store))

    with store.open(kept.key) as file:
        assert file.read() == b"hello"
    store.discard(kept.key)
    store.discard(kept.key)

    with pytest.raises(FileNotFoundError):
        store.open(kept.key)


def test_an_incoming_file_reads_like_any_other(store):
    incoming = received(store, b"a,b\n1,2\n")
    incoming.seek(0)

    assert incoming.read(3) == b"a,b"
    assert incoming.tell() == 3
    assert (incoming.readable(), incoming.writable(), incoming.seekable()) == (True, True, True)
    incoming.discard()


def test_no_file_is_executable(store):
    kept = store.keep(received(store))

    assert not store.path(kept.key).stat().st_mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH | stat.S_IWOTH)


def test_many_at_once_are_all_kept(store):
    keys = []

    def keep(number):
        keys.append((store.keep(received(store, str(number).encode())).key, number))

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {store.path(key).read_bytes() == str(number).encode() for key, number in keys} == {True}
    assert len(keys) == 16


def test_room_on_the_disk_is_known(store):
    assert store.free_bytes() > 0
