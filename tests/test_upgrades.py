"""An installation of the first days, as its demo filled it, is carried to the present by a start."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import DateTime, MetaData, Table, select, update

from app.extensions import db, store, writing
from app.models.accounts import Account
from tests.pages import Pages

FIRST_DAYS = "01422c68fa01"
LINK = re.compile(r'href="(/(?!static/|files/)[^"#?]*)"')
ROWS = json.loads((Path(__file__).parent / "first_installation.json").read_text(encoding="utf-8"))


@pytest.fixture
def old_site(empty):
    """An application that was just brought up to date, on rows that were written by the code of the first days."""
    upgrade(revision=FIRST_DAYS)
    with writing() as session:
        fill(session)
    answer = empty.test_cli_runner().invoke(args=["prepare"])
    assert answer.exit_code == 0, answer.output
    return empty


def fill(session):
    """Write the rows as the tables of those days take them, with files that hold nothing."""
    tables = MetaData()
    for name, rows in ROWS.items():
        table = Table(name, tables, autoload_with=session.connection())
        moments = [column.name for column in table.columns if isinstance(column.type, DateTime)]
        for row in rows:
            for key in filter(None, (row.get("file_key"), row.get("package_key"))):
                store.path(key).parent.mkdir(exist_ok=True)
                store.path(key).touch()
            values = row | {key: datetime.fromisoformat(row[key] + "+00:00") for key in moments if row[key]}
            # a challenge and its version name each other
            session.execute(table.insert().values(values | ({"version_id": None} if name == "challenge" else {})))
    challenge = tables.tables["challenge"]
    session.execute(update(challenge).values(version_id=ROWS["challenge"][0]["version_id"]))


def person(name):
    return db.session.scalars(select(Account).where(Account.name == name)).one()


@pytest.mark.parametrize("name", ["Admin", "Ana Souza"])
def test_every_page_that_an_old_installation_links_to_is_shown(old_site, name):
    browser = Pages(old_site).signed_in(person(name))
    seen, coming = set(), ["/"]
    while coming:
        path = coming.pop()
        if path not in seen:
            seen.add(path)
            answer = browser.get_path(path)
            assert answer.status_code < 500, path
            coming += LINK.findall(answer.text) if answer.mimetype == "text/html" else []

    assert "/challenges/challenge/leaderboard" in seen
    assert ("/admin/challenges/challenge" in seen) == (name == "Admin")
    assert ("/challenges/challenge/manage" in seen) == (name == "Admin")


def test_what_was_noted_about_an_old_bundle_still_reads(old_site):
    shown = Pages(old_site).signed_in(person("Organisers")).get_path("/challenges/challenge/manage").text

    assert "4 times without a time zone are read as local times of UTC." in shown


def test_an_old_board_keeps_its_order(old_site):
    shown = Pages(old_site).get_path("/challenges/challenge/leaderboard").text
    wanted = ["The Last Decimal", "解析第二課", "新人研修A班"]

    assert sorted(wanted, key=shown.index) == wanted
