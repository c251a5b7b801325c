"""The scripts make the tables of the models, from nothing, and can be undone."""

import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

import config
from app import cli, create_app
from app.extensions import db
from app.models.base import Base
from tests import databases
from tests.factories import make_challenge, make_scored, make_site, make_team

of_sqlite = pytest.mark.skipif(databases.ON_POSTGRES, reason="it asks SQLite about itself")


def differences():
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return compare_metadata(context, Base.metadata)


def shape():
    """The tables as the database sees them: columns with their nullability, keys and indexes."""
    found = {}
    inspector = inspect(db.engine)
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        found[table] = {
            "columns": {it["name"]: (str(it["type"]), it["nullable"]) for it in inspector.get_columns(table)},
            "key": sorted(inspector.get_pk_constraint(table)["constrained_columns"]),
            "unique": sorted(sorted(it["column_names"]) for it in inspector.get_unique_constraints(table)),
            "foreign": sorted(
                (it["constrained_columns"], it["referred_table"], it["options"].get("ondelete", ""))
                for it in inspector.get_foreign_keys(table)
            ),
            "indexes": sorted(
                (it["name"], it["column_names"], bool(it["unique"])) for it in inspector.get_indexes(table)
            ),
        }
    return found


def test_an_upgrade_from_nothing_makes_the_tables_of_the_models(empty):
    upgrade()

    assert differences() == []


def test_the_tables_are_the_same_as_the_models_would_make_down_to_keys_and_indexes(empty):
    upgrade()
    by_scripts = shape()
    downgrade(revision="base")

    db.create_all()

    assert by_scripts == shape()


def test_an_upgrade_can_be_undone_and_done_again(empty):
    upgrade()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    upgrade()

    assert differences() == []


def test_an_upgrade_twice_changes_nothing(empty):
    upgrade()
    make_site()
    upgrade()

    assert db.session.scalar(text("select name from site")) == "Shiai"


def test_there_is_one_line_of_scripts_without_forks(empty):
    config = empty.extensions["migrate"].migrate.get_config()
    scripts = ScriptDirectory.from_config(config)

    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_what_the_scripts_made_carries_a_whole_competition(empty):
    upgrade()
    make_site()
    challenge = make_challenge()
    make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5})

    assert differences() == []


@of_sqlite
def test_what_the_scripts_made_in_sqlite_is_sound(empty):
    upgrade()
    make_site()

    assert db.session.scalar(text("pragma integrity_check")) == "ok"
    assert db.session.execute(text("pragma foreign_key_check")).all() == []


@of_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("trusted_schema", 0),
        ("cache_size", -8000),
    ],
)
def test_the_database_is_used_as_it_was_measured(empty, pragma, value):
    assert db.session.scalar(text(f"pragma {pragma}")) == value


def test_neither_the_clone_nor_the_data_minds_signs_that_mean_something_in_addresses(tmp_path, monkeypatch):
    clone, data = tmp_path / "100% ours", tmp_path / "50%20 done? #1 試合"
    monkeypatch.setattr(cli, "MIGRATIONS", shutil.copytree(cli.MIGRATIONS, clone / "migrations"))
    app = create_app(config.load({"SHIAI_DATA_DIR": str(data)}))
    with app.app_context():
        upgrade()
        assert differences() == []
        db.session.remove()
        db.engine.dispose()

    assert {"shiai.db", "queue.db"} <= {it.name for it in data.iterdir()}
    assert {it.name for it in tmp_path.iterdir()} == {clone.name, data.name}
