"""Where the tests' applications keep their rows: an SQLite file in the test's folder, or a database of PostgreSQL.

`TEST_DATABASE_URL` names a server on which the tests may make and drop databases (`make test-postgres` starts
one); then every folder has a database there whose name is made from its path, and a copy is made by the server.
"""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager

import psycopg
import redis
from sqlalchemy import make_url

SERVER = os.environ.get("TEST_DATABASE_URL", "")
QUEUES = os.environ.get("TEST_QUEUE_URL", "")
ON_POSTGRES = bool(SERVER)
ERRORS = (sqlite3.Error, psycopg.Error)

_made = set()
_queues = {}


def url_in(folder):
    """Return the address of a folder's database, which may be empty."""
    if not ON_POSTGRES:
        return f"sqlite:///{folder / 'shiai.db'}"
    if not exists_in(folder):
        _make(folder, f'CREATE DATABASE "{_name(folder)}"')
    return _address(folder).replace("postgresql:", "postgresql+psycopg:", 1)


def queue_url_in(folder):
    """Return the address of a folder's queue: a file, or a database of Redis where `TEST_QUEUE_URL` names one."""
    if not QUEUES:
        return f"sqlite:///{folder / 'queue.db'}"
    if folder not in _queues:
        with closing(redis.Redis.from_url(QUEUES)) as server:
            number = int(_key(folder), 16) % int(server.config_get("databases")["databases"])
        _queues[folder] = f"{QUEUES.rpartition('/')[0]}/{number}"
        with closing(redis.Redis.from_url(_queues[folder])) as server:
            server.flushdb()
    return _queues[folder]


def settings_for(folder):
    """Return what an installation in this folder is told of servers, by the names of its settings; nothing of files."""
    database = {"SHIAI_DATABASE_URL": url_in(folder).replace("+psycopg", "")} if ON_POSTGRES else {}
    return database | ({"SHIAI_QUEUE_URL": queue_url_in(folder)} if QUEUES else {})


def rows(where, question, *values):
    """Ask the database at an address or in a file, in which applications work; `?` stands for a value."""
    if isinstance(where, str):
        with closing(psycopg.connect(where)) as connection:
            return connection.execute(question.replace("?", "%s"), values).fetchall()
    with closing(sqlite3.connect(f"file:{where}?mode=ro", uri=True)) as connection:
        return connection.execute(question, values).fetchall()


def change(where, statement):
    """Change what the database at an address or in a file holds."""
    with closing(psycopg.connect(where) if isinstance(where, str) else sqlite3.connect(where)) as connection:
        connection.execute(statement)
        connection.commit()


@contextmanager
def away(folder):
    """Let nobody reach a folder's database meanwhile; who is connected loses it."""
    if ON_POSTGRES:
        _ask(f'ALTER DATABASE "{_name(folder)}" ALLOW_CONNECTIONS false')
        _ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name(folder)}'")
        yield
        _ask(f'ALTER DATABASE "{_name(folder)}" ALLOW_CONNECTIONS true')
    else:
        # each step at once, so that nobody finds no file and makes an empty one
        file, hidden, nowhere = (folder / name for name in ("shiai.db", "hidden.db", "nowhere.db"))
        hidden.hardlink_to(file)
        nowhere.symlink_to(folder / "no such folder" / "shiai.db")
        nowhere.replace(file)
        yield
        hidden.replace(file)


@contextmanager
def held(folder):
    """Be the one who writes, so that everybody else who wants to waits."""
    if ON_POSTGRES:
        with closing(psycopg.connect(_address(folder))) as other:
            other.execute(f"SELECT pg_advisory_xact_lock({int.from_bytes(b'shiai', 'big')})")
            yield
    else:
        with closing(sqlite3.connect(folder / "shiai.db", isolation_level=None)) as other:
            other.execute("begin immediate")
            yield


def exists_in(folder):
    """Whether a folder has a database already."""
    return folder in _made if ON_POSTGRES else (folder / "shiai.db").exists()


def copy(source, folder):
    """Give a folder a copy of another folder's database, which nobody is connected to."""
    if ON_POSTGRES:
        _make(folder, f'CREATE DATABASE "{_name(folder)}" TEMPLATE "{_name(source)}"')
    else:
        shutil.copyfile(source / "shiai.db", folder / "shiai.db")


def drop(folder):
    """Remove a folder's database from the server; a file goes with its folder."""
    if folder in _made:
        _made.discard(folder)
        _ask(f'DROP DATABASE "{_name(folder)}" WITH (FORCE)')


def drop_all():
    """Remove every database that this run has made."""
    for folder in list(_made):
        drop(folder)


def _address(folder):
    return make_url(SERVER).set(drivername="postgresql", database=_name(folder)).render_as_string(hide_password=False)


def _key(folder):
    return hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def _name(folder):
    return f"shiai_test_{_key(folder)}"


def _make(folder, statement):
    _made.add(folder)
    _ask(f'DROP DATABASE IF EXISTS "{_name(folder)}" WITH (FORCE)')
    _ask(statement)


def _ask(statement):
    with closing(psycopg.connect(SERVER, autocommit=True)) as connection:
        connection.execute(statement)
