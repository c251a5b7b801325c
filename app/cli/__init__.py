"""The command line: `flask --app wsgi …`, one noun a file."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from app.cli import accounts, boards, bundles, exports, instance
from app.extensions import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"

migrate = Migrate(render_as_batch=True, compare_type=False)
COMMANDS = (accounts.create_admin, *bundles.COMMANDS, exports.export_bundle, boards.repair_boards, *instance.COMMANDS)


def register(app: Flask) -> None:
    """Make the commands known to `flask`, and where the migrations lie."""
    # Alembic keeps the folder as a line of an ini file, where a percent sign is doubled
    migrate.init_app(app, db, directory=str(MIGRATIONS).replace("%", "%%"))
    for command in COMMANDS:
        app.cli.add_command(command)
